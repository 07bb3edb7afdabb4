/** Escape sequences with their payload: CSI, then the string kinds (OSC, DCS, SOS, PM, APC), then the two-byte ones. */
const ESCAPES =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;
/** What else moves the cursor, rings, or turns the direction of the text around. Tab and line feed stay. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Text as it may be shown in a terminal: lines, tabs and printable characters, no matter who wrote it. */
export function plainText(text: string): string {
  return text
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll(ESCAPES, '')
    .replaceAll(CONTROLS, '')
    .toWellFormed();
}

/** The same on one line. */
export function oneLine(text: string): string {
  return plainText(text).replaceAll(/\s+/g, ' ').trim();
}

let segmenter: Intl.Segmenter | null = null;

/** Characters as people count them. Most texts need no segmenter, which takes longer to make than the first picture. */
function charactersOf(line: string): string[] {
  if (/^[ -~]*$/.test(line)) return Array.from(line);
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(line), ({ segment }) => segment);
}

/** The beginning of a text on one line: at most `limit` characters as people count them, the `…` of a cut included. */
export function preview(text: string, limit: number): string {
  // A long text is cut before the work begins; only a text of almost nothing but space shows it.
  const start = text.slice(0, limit * 16);
  const line = oneLine(start);
  const chars = charactersOf(line);
  if (chars.length <= limit && start.length === text.length) return line;
  return `${chars.slice(0, limit - 1).join('')}…`;
}
