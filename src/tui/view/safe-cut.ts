import { lineText, type Line } from './line.ts';

/** Words, and code or bold text that is complete: nothing that comes after them can change how they look. */
const SETTLED =
  /(?:[^\s\\`*_~[\]<>!|&:@#]|:(?=\s)|!(?=\s))+|`[^`\s\\]+(?: [^`\s\\]+)*`(?!`)|\*\*[\p{L}\p{N}]+(?: [\p{L}\p{N}]+)*\*\*(?!\*)| /uy;
/** What may stand in front of code or bold text, and after it. */
const OUTSIDE = /[\s.,;()]/;

/**
 * Where a long line of plain text can be cut in two parts that are drawn one below the other and look like one: at the
 * begin of one of the `rows` that `draw` makes of it. 0 where there is no such place. `line` begins a part.
 */
export function safeCut(line: string, draw: (source: string) => Line[]): number {
  // A list, a title, a quote: what follows belongs to it.
  if (!isPlainBegin(line)) return 0;
  const starts = settledWords(line);
  const end = starts.at(-1);
  if (end === undefined) return 0;
  const rows = draw(line.slice(0, end)).map((row) => wordsIn(lineText(row)));
  // A word that is wider than the room stands in two rows, and is no place for a cut.
  if (rows.reduce((sum, count) => sum + count, 0) !== wordsIn(line.slice(0, end))) return 0;
  for (let last = rows.length - 1; last > 0; last--) {
    const words = rows.slice(0, last).reduce((sum, count) => sum + count, 0);
    const at = nthWord(line, words);
    if (starts.includes(at)) return at;
  }
  return 0;
}

/** A line that begins a paragraph and nothing else. */
export function isPlainBegin(line: string): boolean {
  return /^ {0,3}\p{L}/u.test(line);
}

/** All of the line is settled: what comes in later lines changes nothing in it. */
export function isSettled(line: string): boolean {
  return settledWords(`${line} x`).at(-1) === line.length + 1;
}

/** Where words begin that can begin a paragraph, with nothing but settled text before them. */
function settledWords(line: string): number[] {
  const starts: number[] = [];
  SETTLED.lastIndex = 0;
  for (let at = 0; at < line.length;) {
    if (line[at - 1] === ' ' && /^\p{L}/u.test(line.slice(at, at + 2))) starts.push(at);
    const piece = SETTLED.exec(line)?.[0];
    if (piece === undefined) break;
    const isMarked = piece.startsWith('`') || piece.startsWith('*');
    const after = line[at + piece.length] ?? '';
    if (isMarked && !(OUTSIDE.test(line[at - 1] ?? ' ') && OUTSIDE.test(after))) break;
    at += piece.length;
  }
  return starts;
}

function wordsIn(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** Where the word with that number begins. */
function nthWord(line: string, number: number): number {
  let at = 0;
  for (const match of line.matchAll(/\S+/g)) if (at++ === number) return match.index;
  return -1;
}
