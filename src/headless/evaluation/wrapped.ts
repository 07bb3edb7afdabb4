import { oneLine } from '../plain-text.ts';

/** Narrower terminals get lines of this width. */
export const LEAST_WIDTH = 60;

/** Columns that a text takes on the terminal. */
export type WidthOf = (text: string) => number;

/** A text in lines of at most so many columns, broken between words; `mark` stands before the first one. */
export function wrapped(text: string, columns: number, mark: string, widthOf: WidthOf): string {
  const width = Math.max(LEAST_WIDTH, columns) - widthOf(mark);
  const lines: string[] = [''];
  for (const word of oneLine(text).split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && widthOf(last) + 1 + widthOf(word) > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line, index) => `${index === 0 ? mark : ' '.repeat(mark.length)}${line}`).join('\n');
}
