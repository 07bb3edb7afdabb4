import { oneLine } from '../plain-text.ts';

/** Narrower terminals get lines of this width. */
export const LEAST_WIDTH = 60;

/** A text in lines of at most so many columns, broken between words; `mark` stands before the first one. */
export function wrapped(text: string, columns: number, mark: string): string {
  const width = Math.max(LEAST_WIDTH, columns) - mark.length;
  const lines: string[] = [''];
  for (const word of oneLine(text).split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line, index) => `${index === 0 ? mark : ' '.repeat(mark.length)}${line}`).join('\n');
}
