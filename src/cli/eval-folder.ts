import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { safeFileName } from '../platform/paths.ts';
import type { Suite } from '../evaluation/suite/suite.ts';

/** Where the results and runs of a suite are kept; suites of one name in several folders do not mix. */
export function evalFolder(suite: Pick<Suite, 'name' | 'path'>, cwd: string, named: string | undefined): string {
  if (named !== undefined) return resolve(cwd, named);
  const mark = createHash('sha256').update(suite.path).digest('hex').slice(0, 8);
  return join(cwd, '.massgen', 'evals', `${safeFileName(suite.name)}-${mark}`);
}

export function resultsPath(folder: string): string {
  return join(folder, 'results.jsonl');
}
