/**
 * A text as the strings of a tape, to be typed one after the other. A tape's string ends at its own quote or at the end
 * of the line, and nothing can be escaped in it, so each piece is in quotes that do not occur in it. Throws a RangeError
 * for a text with control characters, which no string of a tape can hold.
 */
export function tapeStrings(text: string): string[] {
  if (hasControls(text)) throw new RangeError('A string of a tape holds no control characters.');
  const pieces: string[] = [];
  let rest = text;
  while (rest !== '') {
    const longest = QUOTES.map((quote) => ({ quote, length: lengthWithout(rest, quote) })).toSorted(
      (a, b) => b.length - a.length,
    )[0];
    if (!longest) break;
    pieces.push(`${longest.quote}${rest.slice(0, longest.length)}${longest.quote}`);
    rest = rest.slice(longest.length);
  }
  return pieces;
}

const QUOTES = ['"', "'", '`'] as const;

/** Any text as one word of bash, without control characters: nothing in it is expanded. */
export function shellWord(text: string): string {
  if (/^[A-Za-z0-9_./:@%+=-]+$/.test(text)) return text;
  if (!hasControls(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = text.replaceAll(/[\\']/g, '\\$&').replaceAll(CONTROLS, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `$'${escaped}'`;
}

// oxlint-disable-next-line no-control-regex -- exactly these must not reach a tape
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function hasControls(text: string): boolean {
  return text.search(CONTROLS) >= 0;
}

function lengthWithout(text: string, quote: string): number {
  const at = text.indexOf(quote);
  return at < 0 ? text.length : at;
}
