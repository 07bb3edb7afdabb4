import type { Environment } from '../platform/environment.ts';
import { findRun } from '../sessions/find-run.ts';
import { sessionStoreOf } from './continue-session.ts';

/** As `findRun`, among the runs of this folder and of every session. */
export async function findAnyRun(word: string, environment: Environment): Promise<string> {
  const sessions = word === 'latest' ? [] : await sessionStoreOf(environment).list();
  return findRun(
    word,
    environment.cwd,
    sessions.flatMap((session) => session.runs.map(({ dir }) => dir)),
  );
}
