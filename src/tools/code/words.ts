/** Everything but tabs and line breaks that moves a cursor, turns text around or ends a line unseen. */
const INVISIBLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Foreign text as lines of plain text: nothing in it can end a comment's line. */
export function docLines(text: string): string[] {
  const lines = text.toWellFormed().split(/\r\n|[\n\r\u0085\u2028\u2029]/);
  return lines.map((line) => line.replaceAll('\t', '  ').replaceAll(INVISIBLE, '').trimEnd());
}

/** The first words of a text, on one line. */
export function oneLine(text: string, maxChars: number): string {
  const line = docLines(text).join(' ').replaceAll(/\s+/g, ' ').trim();
  const chars = Array.from(line);
  return chars.length > maxChars ? `${chars.slice(0, maxChars).join('')}…` : line;
}

/** A string literal of both Python and TypeScript. What is beyond `\uffff` is two escapes, which JSON makes one again. */
export function literal(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, (char) =>
    char
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
