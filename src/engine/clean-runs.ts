import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { foldEvents } from '../coordination/apply.ts';
import { isRunId } from '../platform/ids.ts';
import { readAll } from '../runlog/read-run-log.ts';
import { readRemote, removeRemote, writeRemote, type RemoteConnect } from './remote-record.ts';
import { isWorkedOn } from './worked-on.ts';

export interface CleanedRuns {
  /** Ids of the runs whose folders are gone, or would be. */
  removed: string[];
  /** Ids of old ones that a process still works on. */
  kept: string[];
  /** Ids of old ones whose folders could not be removed. */
  failed: string[];
  /** Ids of old ones whose folders stay, since they name what is still at a provider. */
  unreleased: string[];
}

/**
 * Removes the folders of runs in `runsDir` whose logs have not been written to since `before` (milliseconds since
 * 1970). Never one that a process works on. What a run has left at providers is taken away by `connect` first. `isTrial`
 * removes nothing and only tells. Never rejects.
 */
export async function cleanRuns(
  runsDir: string,
  before: number,
  { isTrial = false, connect = noConnection }: { isTrial?: boolean; connect?: RemoteConnect } = {},
): Promise<CleanedRuns> {
  const names = (await readdir(runsDir).catch((): string[] => [])).filter(isRunId).toSorted();
  const cleaned: CleanedRuns = { removed: [], kept: [], failed: [], unreleased: [] };
  for (const name of names) {
    const dir = join(runsDir, name);
    const isOld = await stat(join(dir, 'run.jsonl')).then(
      ({ mtimeMs }) => mtimeMs < before,
      () => false,
    );
    if (!isOld) continue;
    if (await isGoing(dir)) cleaned.kept.push(name);
    else if (!isTrial && !(await isReleased(dir, connect))) cleaned.unreleased.push(name);
    else if (isTrial || (await isRemoved(dir))) cleaned.removed.push(name);
    else cleaned.failed.push(name);
  }
  return cleaned;
}

async function isGoing(dir: string): Promise<boolean> {
  return isWorkedOn(dir, await readAll(dir).then(foldEvents, () => null));
}

const noConnection: RemoteConnect = () => Promise.resolve(null);

/** True when nothing of the run is left at a provider. */
async function isReleased(dir: string, connect: RemoteConnect): Promise<boolean> {
  const entries = await readRemote(dir);
  if (entries.length === 0) return true;
  const left = await removeRemote(entries, connect, new AbortController().signal);
  await writeRemote(dir, left).catch(() => undefined);
  return left.length === 0;
}

async function isRemoved(dir: string): Promise<boolean> {
  return rm(dir, { recursive: true, force: true, maxRetries: 2 }).then(
    () => true,
    () => false,
  );
}

/** What was done, in a sentence for people; empty when nothing was. */
export function cleanedText({ removed, kept, failed, unreleased }: CleanedRuns, isTrial = false): string {
  const runs = (count: number): string => (count === 1 ? 'one run' : `${count} runs`);
  const sentences = [
    removed.length > 0 ? `${isTrial ? 'Would remove' : 'Removed'} ${runs(removed.length)}: ${removed.join(', ')}.` : '',
    kept.length > 0 ? `Kept ${runs(kept.length)} that a process works on: ${kept.join(', ')}.` : '',
    failed.length > 0
      ? `Could not remove ${runs(failed.length)}; check the permissions of their folders: ${failed.join(', ')}.`
      : '',
    unreleased.length > 0
      ? `Kept ${runs(unreleased.length)} with files at a provider that could not be removed there; check the key: ${unreleased.join(', ')}.`
      : '',
  ];
  return sentences.filter(Boolean).join(' ');
}
