import { oneLine } from '../headless/plain-text.ts';

/** One file a line. Names are anybody's. */
export function toldFiles(paths: readonly string[]): string {
  return paths.map((path) => `${oneLine(path)}\n`).join('');
}
