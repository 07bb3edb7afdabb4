import { plainText } from '../headless/plain-text.ts';
import type { Streams } from './streams.ts';

/** Prints lines that are no results. What they quote may come from files, servers and models, so nothing in it acts. */
export function warner({ stderr }: Pick<Streams, 'stderr'>): (line: string) => void {
  return (line) => void stderr.write(`${plainText(line)}\n`);
}
