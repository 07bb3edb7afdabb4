import { count } from './figures.ts';
import { plainText } from './plain-text.ts';

/** What a call would change, at most `most` lines of it and how many more there are; none for a call that changes nothing. */
export function diffLines(diff: string | null, most: number): string[] {
  if (diff === null || diff === '') return [];
  const lines = plainText(diff).replace(/\n$/, '').split('\n');
  const shown = lines.slice(0, most).map((line) => `| ${line.replaceAll('\t', '    ')}`);
  const more = lines.length - most;
  return more > 0 ? [...shown, `[${count(more, 'more line')}]`] : shown;
}
