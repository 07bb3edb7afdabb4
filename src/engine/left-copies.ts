import { readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { foldEvents, isOver } from '../coordination/apply.ts';
import type { RunState } from '../coordination/state.ts';
import { errnoOf } from '../runlog/files.ts';
import { readAll } from '../runlog/read-run-log.ts';
import { emptyFolder, isKeptWorkspace } from '../workspace/docker/session-keep.ts';
import { hasLiveProcess } from './worked-on.ts';

/** Copies of users' folders that no process works in, by the ids of their runs. */
export interface LeftCopies {
  /** Of runs that a crash or a cancel has cut off: `massgen resume` goes on with them. */
  resumable: string[];
  /** Of runs that are over, or whose folders are gone. */
  useless: string[];
}

/** Says which run the copies in a folder belong to; lies among them. */
export function ownerFile(copiesDir: string): string {
  return join(copiesDir, '.owner.json');
}

/** Looks at the copies in `folder`, which is `worktrees` of the user's own folder. Never rejects. */
export async function findLeftCopies(folder: string): Promise<LeftCopies> {
  const left: LeftCopies = { resumable: [], useless: [] };
  for (const id of (await readdir(folder).catch((): string[] => [])).toSorted()) {
    const runDir = await ownerOf(join(folder, id));
    if (runDir === null) continue;
    const log = await readLog(runDir);
    // A run that cannot be read here, such as one of a later version, is somebody's all the same.
    if (log === 'unreadable' || (await hasLiveProcess(runDir))) continue;
    if (log === null || isOver(log)) left.useless.push(id);
    else left.resumable.push(id);
  }
  return left;
}

/** Removes copies that nobody can go on with. Resolves with their ids. Never rejects. */
export async function removeUselessCopies(folder: string): Promise<string[]> {
  const { useless } = await findLeftCopies(folder);
  for (const id of useless) await removeCopies(join(folder, id)).catch(() => undefined);
  return useless;
}

/** Removes a folder of copies, and what is in those that it links to, which a container that stays is made with. */
export async function removeCopies(copiesDir: string): Promise<void> {
  for (const name of await readdir(copiesDir).catch((): string[] => [])) {
    const place = await readlink(join(copiesDir, name)).catch(() => null);
    if (place !== null && isKeptWorkspace(place)) await emptyFolder(place).catch(() => undefined);
  }
  await rm(copiesDir, { recursive: true, force: true });
}

/** The run's folder; null for what is being made right now, and for what is none of ours. */
async function ownerOf(copies: string): Promise<string | null> {
  if (
    !(await stat(copies).then(
      (stats) => stats.isDirectory(),
      () => false,
    ))
  )
    return null;
  try {
    const value: unknown = JSON.parse(await readFile(ownerFile(copies), 'utf8'));
    const isOwner = typeof value === 'object' && value !== null && 'runDir' in value;
    return isOwner && typeof value.runDir === 'string' ? value.runDir : null;
  } catch {
    return null;
  }
}

/** Null where there is no log, or none with an event. */
async function readLog(runDir: string): Promise<RunState | 'unreadable' | null> {
  try {
    return foldEvents(await readAll(runDir));
  } catch {
    const isThere = await stat(join(runDir, 'run.jsonl')).then(
      () => true,
      (error: unknown) => !['ENOENT', 'ENOTDIR'].includes(errnoOf(error)),
    );
    return isThere ? 'unreadable' : null;
  }
}
