import { lstat, readdir, realpath, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunState } from '../../coordination/state.ts';
import type { RunHandle } from '../../events/run-handle.ts';
import type { Clock } from '../../platform/clock.ts';
import { MassgenError } from '../../platform/errors.ts';
import { makeFolder } from '../../platform/make-folder.ts';
import { readDropped } from '../../platform/read-dropped.ts';
import { followRun } from '../follow-run.ts';
import { oneLine } from '../plain-text.ts';
import { readCommand } from './read-command.ts';

const POLL_MS = 250;
const MAX_BYTES = 64 * 1024;
const MAX_FILES = 100;
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\.json$/;
const DONE = 'done';
const REJECTED = 'rejected';

/** Makes the folder if it is not there, and resolves with where it really is. Rejects with a MassgenError. */
export async function openInbox(path: string): Promise<string> {
  try {
    await makeFolder(path);
    const dir = await realpath(path);
    for (const folder of [DONE, REJECTED]) await makeFolder(join(dir, folder));
    return dir;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    const message = `The inbox ${oneLine(path)} cannot be used (${code}). Give a folder that can be written to.`;
    throw new MassgenError('inbox', message, { cause });
  }
}

export interface InboxOptions {
  /** From `openInbox`. */
  dir: string;
  /** The wall clock. */
  clock: Clock;
  /** Told, in a full sentence, why a file was set aside. */
  onProblem: (message: string) => void;
}

/**
 * Hands the commands that other programs put into a folder, one JSON file each, on to a run, in the order of their
 * names. A file that was taken is moved to `done`, one that is no command to `rejected`; hidden files, and those whose
 * names do not end in `.json`, are left alone. Resolves after the end of the run. Never rejects.
 */
export async function keepInbox(handle: RunHandle, { dir, clock, onProblem }: InboxOptions): Promise<void> {
  let state: RunState | null = null;
  let isOver = false;
  /** Files that did not parse when they were last looked at: they may be half written. */
  let torn = new Map<string, string>();

  const take = async (name: string): Promise<void> => {
    const dropped = await readDropped(dir, name, MAX_BYTES);
    if (dropped === null || !state || isOver) return;
    let value: unknown = null;
    if ('text' in dropped) {
      try {
        value = JSON.parse(dropped.text);
      } catch {
        if (torn.get(name) !== dropped.text) return void torn.set(name, dropped.text);
      }
    }
    const read = 'fault' in dropped ? dropped : readCommand(value, state);
    const isTaken = 'command' in read;
    // Moved first: a file that cannot be moved away would be taken again and again.
    if (!(await moveFile(join(dir, name), join(dir, isTaken ? DONE : REJECTED, `${handle.id}-${name}`)))) return;
    torn.delete(name);
    if (isTaken) handle.send(read.command);
    else onProblem(`${oneLine(join(dir, name))} was set aside: ${oneLine(read.fault)}`);
  };

  const stop = new AbortController();
  const poll = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        // Before the run has begun nothing can be judged, and the order of the files must hold.
        const found = state ? await readdir(dir) : [];
        const names = found.filter((name) => NAME.test(name)).toSorted();
        torn = new Map([...torn].filter(([name]) => names.includes(name)));
        for (const name of names.slice(0, MAX_FILES)) await take(name);
        await clock.sleep(POLL_MS, stop.signal);
      } catch (error) {
        if (stop.signal.aborted) return;
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
        return onProblem(`The inbox ${oneLine(dir)} is no longer read (${code}).`);
      }
    }
  };

  const polling = poll();
  await followRun(handle, (_event, now) => void (state = now)).catch(() => null);
  isOver = true;
  stop.abort(new Error('The run is over.'));
  await polling;
}

/** False when the file is gone: it was taken back, or another run was faster. */
async function moveFile(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const isThere = await lstat(from).then(
      () => true,
      () => false,
    );
    if (isThere) throw error;
    return false;
  }
}
