/** What JSON leaves as it is although a terminal may act on it: C1 controls and turns of the writing direction. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** The same JSON with nothing in it that could steer a terminal. */
export function safeJson(json: string): string {
  return json.replaceAll(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
