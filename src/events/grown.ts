const SMALLEST_STEP = 1024;
const ANY = /^/;

/**
 * `text + piece`, for a text that grows by thousands of small pieces. The engine keeps the pieces of a sum apart until
 * somebody reads it, which takes many times the room of the text; here they are joined whenever the text has grown by
 * about a tenth, so that all the joining together copies each character a few times only.
 */
export function grown(text: string, piece: string): string {
  const whole = text + piece;
  const step = Math.max(SMALLEST_STEP, 1 << Math.max(0, 28 - Math.clz32(whole.length)));
  // A search needs the text in one piece.
  if (Math.floor(text.length / step) !== Math.floor(whole.length / step)) ANY.test(whole);
  return whole;
}
