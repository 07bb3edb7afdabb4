import { relative, join } from 'node:path';
import { foldEvents } from '../coordination/apply.ts';
import type { RunState } from '../coordination/state.ts';
import type { EventDraft, FileConflict, RunEvent } from '../events/event.ts';
import type { Clock } from '../platform/clock.ts';
import { MassgenError } from '../platform/errors.ts';
import { adoptRunLog } from '../runlog/open-run-log.ts';
import { readAll } from '../runlog/read-run-log.ts';
import { createRedactor } from '../runlog/redact.ts';
import { applyChanges, type DriftPolicy } from '../workspace/project/apply-changes.ts';
import { changesFolder, readChangeSet, type ChangeSet } from '../workspace/project/change-record.ts';
import { undoChanges } from '../workspace/project/undo-changes.ts';

/** What came of writing, or of bringing back. */
export interface ChangedFiles {
  paths: string[];
  conflicts: FileConflict[];
  /** The user's folder. */
  base: string;
  /** What the log of the run says of it. */
  event: RunEvent;
}

/**
 * Writes the changes of a run that has ended into the user's folder: those of the files that `wanted` names (or of the
 * folders), all where it names none; of a file in `hunks` only these parts. The log of the run tells it. Rejects with a
 * MassgenError where there is nothing to write, or a name that is none of the changed files.
 */
export async function applyRunChanges(
  dir: string,
  wanted: readonly string[],
  drift: DriftPolicy,
  clock: Clock,
  hunks: Readonly<Record<string, readonly number[]>> = {},
): Promise<ChangedFiles> {
  const { label, folder, records, root } = await readRunChanges(dir);
  const paths = records.map(({ path }) => path).filter((path) => wanted.length === 0 || wanted.some(covers(path)));
  for (const name of wanted) {
    if (records.some(({ path }) => covers(path)(name))) continue;
    throw new MassgenError(
      'no-such-change',
      `The run changes no file ${JSON.stringify(name)}. It changes ${records.map(({ path }) => JSON.stringify(path)).join(', ')}.`,
    );
  }
  for (const [name, numbers] of Object.entries(hunks)) {
    const count = records.find(({ path }) => path === name)?.parts.length ?? 0;
    const wrong = numbers.find((number) => number >= count);
    if (wrong === undefined) continue;
    throw new MassgenError(
      'no-such-part',
      `There is no part ${wrong + 1} of ${JSON.stringify(name)}: the run changes ${count === 1 ? '1 part' : `${count} parts`} of it. massgen apply --show shows them with their numbers.`,
    );
  }
  const done = await applyChanges({ folder, paths, drift, hunks });
  const backup = done.backup === '' ? '' : relative(dir, join(folder, done.backup));
  const conflicts = done.conflicts.length > 0 ? { conflicts: done.conflicts } : {};
  const data = { label, paths: done.paths, backup, ...conflicts };
  const event = await note(dir, clock, { type: 'changes.applied', data });
  return { paths: done.paths, conflicts: done.conflicts, base: root, event };
}

/** What a run that has ended would change in the user's folder. Rejects with a MassgenError where there is nothing. */
export async function readRunChanges(dir: string): Promise<ChangeSet & { folder: string }> {
  const { label } = await changesOf(dir);
  const folder = changesFolder(dir, label);
  return { ...(await readChangeSet(folder)), folder };
}

function covers(path: string): (name: string) => boolean {
  return (name) => {
    const plain = name.replace(/^\.\//, '').replace(/\/+$/, '');
    return plain === '.' || path === plain || path.startsWith(`${plain}/`);
  };
}

/** Brings back what was in the user's folder before. Rejects with a MassgenError where nothing was written. */
export async function undoRunChanges(dir: string, clock: Clock): Promise<ChangedFiles> {
  const { label, folder, root } = await readRunChanges(dir);
  const { paths, conflicts } = await undoChanges(folder);
  const event = await note(dir, clock, { type: 'changes.undone', data: { label, paths } });
  return { paths, conflicts, base: root, event };
}

async function changesOf(dir: string): Promise<NonNullable<RunState['changes']>> {
  const state = foldEvents(await readAll(dir));
  if (!state?.end) {
    throw new MassgenError(
      'not-over',
      `The run in ${dir} has not ended. Its own screen decides over its changes; or end it with massgen resume.`,
    );
  }
  if (!state.changes) {
    throw new MassgenError(
      'no-changes',
      `The run in ${dir} has changed no files of yours. Agents work on copies of a folder with write_mode: auto.`,
    );
  }
  return state.changes;
}

/** Nothing of it can be a secret but names of files, which are the user's own. */
async function note(dir: string, clock: Clock, draft: EventDraft): Promise<RunEvent> {
  const { log } = await adoptRunLog(dir, { clock, redact: createRedactor({ secrets: [] }) });
  try {
    const { event, committed } = log.append(draft);
    await committed;
    return event;
  } finally {
    await log.close();
  }
}
