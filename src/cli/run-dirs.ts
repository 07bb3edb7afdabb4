import type { Environment } from '../platform/environment.ts';
import { listRunFolders } from '../sessions/find-run.ts';
import { findAnyRun } from './find-any-run.ts';

/** The folders of the named runs, or of all runs of this folder. Rejects with a MassgenError for one that is not there. */
export async function runDirsOf(words: readonly string[], environment: Environment): Promise<string[]> {
  if (words.length === 0) return listRunFolders(environment.cwd);
  return Promise.all(words.map((word) => findAnyRun(word, environment)));
}
