import { resolve } from 'node:path';
import type { RunState } from '../coordination/state.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { isProcessAlive } from '../platform/process-alive.ts';
import { readLaunchRecord } from './launch-record.ts';

/** Folders of the runs that go on in this process: its number alone does not tell them from one that it has lost. */
const here = new Set<string>();

/** Remembers a run of this process until it has ended. */
export function noteWork({ dir, ended }: Pick<RunHandle, 'dir' | 'ended'>): void {
  const folder = resolve(dir);
  here.add(folder);
  void ended.catch(() => undefined).then(() => here.delete(folder));
}

/**
 * True while somebody works on the run in that folder, this process included. `state` is what its log says; null where
 * that cannot be told. Never rejects.
 */
export async function isWorkedOn(dir: string, state: Pick<RunState, 'end'> | null): Promise<boolean> {
  if (state?.end) return false;
  if (here.has(resolve(dir))) return true;
  const pid = await pidOf(dir);
  return pid !== null && pid !== process.pid && isProcessAlive(pid);
}

/** True while the process that worked on the run is there, even if the run is over. Never rejects. */
export async function hasLiveProcess(dir: string): Promise<boolean> {
  const pid = await pidOf(dir);
  return pid !== null && isProcessAlive(pid);
}

async function pidOf(dir: string): Promise<number | null> {
  return readLaunchRecord(dir).then(
    ({ pid }) => pid,
    () => null,
  );
}
