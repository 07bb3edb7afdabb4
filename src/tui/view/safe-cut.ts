import { lineText, type Line } from './line.ts';
import { settledPieces, type SettledPiece } from './settled.ts';

const LETTER = /\p{L}/uy;

/** A place for a cut, with the rows of what stands before it. */
export interface SafeCut {
  at: number;
  rows: Line[];
}

/**
 * Where a long line of plain text can be cut in two parts that are drawn one below the other and look like one: at the
 * begin of one of the rows that `draw` makes of it. Null where there is no such place. `line` begins a part.
 */
export function safeCut(line: string, draw: (source: string) => Line[]): SafeCut | null {
  // A list, a title, a quote: what follows belongs to it.
  if (!isPlainBegin(line)) return null;
  const pieces = settledPieces(line);
  const end = lastStart(line, pieces);
  if (end === null) return null;
  const rows = draw(line.slice(0, end));
  const counts = rows.map((row) => wordsIn(lineText(row)).length);
  const words = wordsIn(line.slice(0, end));
  // A word that is wider than the room stands in two rows, and is no place for a cut.
  let before = counts.reduce((sum, count) => sum + count, 0);
  if (before !== words.length) return null;
  for (let last = rows.length - 1; last > 0; last--) {
    before -= counts[last] ?? 0;
    const at = words[before] ?? -1;
    if (isStart(line, pieces, at)) return { at, rows: rows.slice(0, last) };
  }
  return null;
}

/** A line that begins a paragraph and nothing else. */
export function isPlainBegin(line: string): boolean {
  return /^ {0,3}\p{L}/u.test(line);
}

/** All of the line is settled: what comes in later lines changes nothing in it. */
export function isSettled(line: string): boolean {
  const whole = `${line} x`;
  return settledPieces(whole).at(-1)?.to === whole.length;
}

/** Where the last word begins that can begin a paragraph. */
function lastStart(line: string, pieces: readonly SettledPiece[]): number | null {
  for (const { kind, from, to } of pieces.toReversed()) {
    if (kind !== 'plain') continue;
    for (let at = to - 1; at > from; at--) if (beginsWord(line, at)) return at;
  }
  return null;
}

function isStart(line: string, pieces: readonly SettledPiece[], at: number): boolean {
  return pieces.some(({ kind, from, to }) => kind === 'plain' && at > from && at < to) && beginsWord(line, at);
}

/** With a letter: a number or a sign could begin a list. */
function beginsWord(line: string, at: number): boolean {
  LETTER.lastIndex = at;
  return line[at - 1] === ' ' && LETTER.test(line);
}

/** Where the words of a settled text begin; there is no other white space than spaces in it. */
function wordsIn(text: string): number[] {
  const starts: number[] = [];
  for (let at = 0; at < text.length; at++) if (text[at] !== ' ' && (text[at - 1] ?? ' ') === ' ') starts.push(at);
  return starts;
}
