import { lineText, type Line } from './line.ts';

/** Words and the spaces between them: nothing that comes after them can change how they look. */
const PLAIN = /(?:[^\s\\`*_~[\]<>!|&:@#]|[:!](?=\s)| )+/uy;
/** Code or bold text that is complete: the same is true of it. */
const MARKED = /`[^`\s\\]+(?: [^`\s\\]+)*`(?!`)|\*\*[\p{L}\p{N}]+(?: [\p{L}\p{N}]+)*\*\*(?!\*)/uy;
/** What may stand in front of code or bold text, and after it. */
const OUTSIDE = /[\s.,;()]/;
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
  const runs = settledRuns(line);
  const end = lastStart(line, runs);
  if (end === null) return null;
  const rows = draw(line.slice(0, end));
  const counts = rows.map((row) => wordsIn(lineText(row)).length);
  const words = wordsIn(line.slice(0, end));
  // A word that is wider than the room stands in two rows, and is no place for a cut.
  let before = counts.reduce((sum, count) => sum + count, 0);
  if (before !== words.length) return null;
  for (let last = rows.length - 1; last > 0; last--) {
    before -= counts[last] ?? 0;
    const at = words[before]?.index ?? -1;
    if (isStart(line, runs, at)) return { at, rows: rows.slice(0, last) };
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
  return settledRuns(whole).at(-1)?.to === whole.length;
}

/** A stretch of a line. */
interface Run {
  from: number;
  to: number;
}

/** The plain stretches of a line, as far as nothing but settled text stands before them. */
function settledRuns(line: string): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < line.length;) {
    PLAIN.lastIndex = at;
    if (PLAIN.test(line)) {
      runs.push({ from: at, to: PLAIN.lastIndex });
      at = PLAIN.lastIndex;
      continue;
    }
    MARKED.lastIndex = at;
    if (!MARKED.test(line)) break;
    const end = MARKED.lastIndex;
    if (!(OUTSIDE.test(line[at - 1] ?? ' ') && OUTSIDE.test(line[end] ?? ''))) break;
    at = end;
  }
  return runs;
}

/** Where the last word begins that can begin a paragraph. */
function lastStart(line: string, runs: readonly Run[]): number | null {
  for (const { from, to } of runs.toReversed()) {
    for (let at = to - 1; at > from; at--) if (beginsWord(line, at)) return at;
  }
  return null;
}

function isStart(line: string, runs: readonly Run[], at: number): boolean {
  return runs.some(({ from, to }) => at > from && at < to) && beginsWord(line, at);
}

/** With a letter: a number or a sign could begin a list. */
function beginsWord(line: string, at: number): boolean {
  LETTER.lastIndex = at;
  return line[at - 1] === ' ' && LETTER.test(line);
}

function wordsIn(text: string): RegExpExecArray[] {
  return [...text.matchAll(/\S+/g)];
}
