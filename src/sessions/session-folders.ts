import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { foldEvents } from '../coordination/apply.ts';
import { isWorkedOn } from '../engine/worked-on.ts';
import { EXIT, MassgenError } from '../platform/errors.ts';
import { isRunId } from '../platform/ids.ts';
import { readAll } from '../runlog/read-run-log.ts';
import type { Session, SessionStore } from './session-store.ts';

/**
 * The folders of the runs that only this session has, and that look like runs of this program: what may go with it.
 * Folders of a branch's shared turns stay, and so does everything that somebody has written into the session's files.
 */
export async function sessionFolders(store: SessionStore, session: Session): Promise<string[]> {
  const others = (await store.list()).filter((other) => other.id !== session.id);
  const shared = new Set(others.flatMap((other) => other.runs.map(({ dir }) => dir)));
  const own = session.runs.map(({ dir }) => dir).filter((dir) => !shared.has(dir) && isRunFolder(dir));
  const present = await Promise.all(own.map((dir) => hasLog(dir)));
  return own.filter((_, index) => present[index]);
}

/** Rejects with a MassgenError while a run of the session goes on: its log would be taken away from under it. */
export async function requireIdle(session: Session): Promise<void> {
  for (const { run, dir } of session.runs) {
    const state = await readAll(dir).then(foldEvents, () => null);
    if (state === null || !(await isWorkedOn(dir, state))) continue;
    const message = `The run ${run} of the session ${session.id} is going on, so nothing was deleted. Cancel it, or wait for its end.`;
    throw new MassgenError('run-busy', message, { exitCode: EXIT.execution });
  }
}

function isRunFolder(dir: string): boolean {
  const runs = dirname(dir);
  return isRunId(basename(dir)) && basename(runs) === 'runs' && basename(dirname(runs)) === '.massgen';
}

async function hasLog(dir: string): Promise<boolean> {
  return stat(join(dir, 'run.jsonl')).then(
    (found) => found.isFile(),
    () => false,
  );
}
