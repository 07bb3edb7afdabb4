/** Shares of the room that the beginning and the end get; the rest is for headings of what is left out. */
const HEAD_SHARE = 0.6;
const TAIL_SHARE = 0.25;
const MAX_HEADING_CHARS = 80;

/**
 * A long text in about `limit` characters: its beginning, the headings of the middle, and its end, with a line between
 * them that says how much is missing and where it can be read. A text that fits, or null as limit, leaves it as it is.
 * Pure: the same text is always shortened the same way, so prompts stay the same.
 */
export function shorten(text: string, limit: number | null, where: string): string {
  if (limit === null || text.length <= limit) return text;
  const headEnd = breakBefore(text, Math.floor(limit * HEAD_SHARE));
  const tailStart = breakAfter(text, text.length - Math.floor(limit * TAIL_SHARE));
  const middle = text.slice(headEnd, tailStart);
  const note = `[… ${middle.length} of ${text.length} characters left out. ${where} …]`;
  const headings = headingsIn(middle, limit - Math.floor(limit * HEAD_SHARE) - Math.floor(limit * TAIL_SHARE));
  const outline = headings.length > 0 ? ['In that part:', ...headings] : [];
  return [text.slice(0, headEnd), note, ...outline, text.slice(tailStart)].join('\n');
}

/** The end of the last line that ends before `index`; `index` itself where a line is long, but never within a character. */
function breakBefore(text: string, index: number): number {
  const line = text.lastIndexOf('\n', index);
  return line >= index * 0.8 ? line : wholeAt(text, index);
}

function breakAfter(text: string, index: number): number {
  const line = text.indexOf('\n', index);
  return line >= 0 && line + 1 - index <= (text.length - index) * 0.2 ? line + 1 : wholeAt(text, index);
}

/** `index`, or the place before it where it would cut a pair of surrogates in two. */
function wholeAt(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff ? index - 1 : index;
}

/** Lines that are Markdown headings, as many as fit into `room`. */
function headingsIn(text: string, room: number): string[] {
  const found: string[] = [];
  let left = room;
  for (const [line] of text.matchAll(/^#{1,6} .+$/gm)) {
    const heading = line.slice(0, wholeAt(line, MAX_HEADING_CHARS));
    if (heading.length + 1 > left) break;
    left -= heading.length + 1;
    found.push(heading);
  }
  return found;
}
