import {
  cp,
  lstat,
  mkdir,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { foldEvents, isOver } from '../../coordination/apply.ts';
import { safeFileName } from '../../platform/paths.ts';
import { isProcessAlive } from '../../platform/process-alive.ts';
import { readAll } from '../../runlog/read-run-log.ts';
import { isErrno } from '../folder-handle.ts';

/** How long a holder on another machine, whose processes nobody sees here, counts. */
const STRANGER_MS = 86_400_000;

/** Folders that a run of this process holds: a number of a process alone tells nothing of those before it. */
const heldHere = new Set<string>();

/** Workspaces that a container is made with; a session that needs more has those of runs that are over moved away. */
const SLOTS = 8;

/**
 * What an agent's container has in a session's folder, for as long as the session. The container is made with these
 * folders, so that later questions need no new one. Each workspace is one of its own for it, since who may write into
 * the folder around one could put a link to any place of this machine there.
 */
export interface SessionKeep {
  folder: string;
  workspaces: readonly string[];
  /** What the agent is shown of runs. */
  seen: string;
  home: string;
}

export function sessionKeep(folder: string): SessionKeep {
  const workspaces = Array.from({ length: SLOTS }, (_, index) => join(folder, 'workspaces', String(index + 1)));
  return { folder, workspaces, seen: join(folder, 'seen'), home: join(folder, 'home') };
}

/**
 * The workspace of a run, absolute and real, which is made empty. Null where it has one in its own folder, which was moved
 * there, or where none is free: those of runs that are not over stay what they are.
 */
export async function keptWorkspace(folder: string, runDir: string, alias: string): Promise<string | null> {
  await mkdir(join(folder, 'workspaces'), { recursive: true, mode: 0o700 });
  const { workspaces } = sessionKeep(await realpath(folder));
  const own = join(runDir, 'workspaces', safeFileName(alias));
  const slots = await Promise.all(
    workspaces.map(async (workspace): Promise<Slot> => {
      await mkdir(workspace, { recursive: true, mode: 0o700 });
      const mark = `${workspace}.of`;
      return { workspace, mark, of: await readlink(mark).catch(() => null) };
    }),
  );
  const known = slots.find(({ of }) => of === own);
  if (known) return known.workspace;
  if (await isThere(own)) return null;
  const order = slots.toSorted((one, other) => Number(one.of !== null) - Number(other.of !== null));
  for (const slot of order) if ((await isFreed(slot)) && (await isClaimed(slot, own))) return slot.workspace;
  return null;
}

interface Slot {
  workspace: string;
  /** A link to where the workspace is to be moved, which no container sees; it says which run has it. */
  mark: string;
  of: string | null;
}

/** Takes the workspace from a run that is over. False while it is not. */
async function isFreed({ workspace, mark, of }: Slot): Promise<boolean> {
  if (of === null) return true;
  const runDir = dirname(dirname(of));
  if (await isThere(runDir)) {
    const state = await readAll(runDir).then(foldEvents, () => null);
    if (state === null || !isOver(state)) return false;
    await moveInto(workspace, of);
  }
  await emptyFolder(workspace);
  await rm(mark, { force: true });
  return true;
}

/** Only one of two that try at the same time gets it. */
async function isClaimed({ workspace, mark }: Slot, own: string): Promise<boolean> {
  const isMine = await symlink(own, mark).then(
    () => true,
    () => false,
  );
  if (isMine) await emptyFolder(workspace);
  return isMine;
}

async function moveInto(from: string, to: string): Promise<void> {
  const names = await readdir(from);
  if (names.length === 0) return;
  await mkdir(to, { recursive: true });
  for (const name of names) {
    await rename(join(from, name), join(to, name)).catch(async (error: unknown) => {
      if (!isErrno(error, 'EXDEV')) throw error;
      await cp(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
    });
  }
}

/** The folder itself stays, since containers are made with it. */
export async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Whether a path can be one that `keptWorkspace` has made. */
export function isKeptWorkspace(path: string): boolean {
  return /\/sessions\/[^/]+\/containers\/[0-9a-f]{12}\/workspaces\/\d+$/.test(path);
}

/**
 * Takes the folder, so that no other run uses its container at the same time. Resolves with the way to give it back; null
 * where another run has it, in this process or another. Where two try at the same moment, neither may get it.
 */
export async function takeKeep(folder: string, now: number): Promise<(() => Promise<void>) | null> {
  if (heldHere.has(folder)) return null;
  heldHere.add(folder);
  const mine = join(folder, `held-${process.pid}-${safeFileName(hostname())}`);
  const giveBack = async (): Promise<void> => {
    await rm(mine, { force: true }).catch(() => undefined);
    heldHere.delete(folder);
  };
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(mine, '', { mode: 0o600 });
    if ((await holders(folder, now)).some((path) => path !== mine)) {
      await giveBack();
      return null;
    }
    await noteUse(folder, now);
    return giveBack;
  } catch {
    await giveBack();
    return null;
  }
}

/** The time of the last use of the folder's container. Never rejects. */
export async function noteUse(folder: string, now: number): Promise<void> {
  const path = join(folder, 'used');
  await writeFile(path, '', { mode: 0o600 })
    .then(() => utimes(path, now / 1000, now / 1000))
    .catch(() => undefined);
}

/** Milliseconds since the container was used; null while a run has it. Infinity where the folder is gone with its session. */
export async function idleMs(folder: string, now: number): Promise<number | null> {
  if (heldHere.has(folder) || (await holders(folder, now)).length > 0) return null;
  return stat(join(folder, 'used')).then(
    ({ mtimeMs }) => now - mtimeMs,
    () => Infinity,
  );
}

/** Marks of those who have the folder; what others have left that are over is removed. */
async function holders(folder: string, now: number): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const [, pid, host] = /^held-(\d+)-(.*)$/.exec(name) ?? [];
    if (pid === undefined) continue;
    const path = join(folder, name);
    if (await isHolding(path, Number(pid), host ?? '', folder, now)) found.push(path);
    else await rm(path, { force: true }).catch(() => undefined);
  }
  return found;
}

async function isHolding(path: string, pid: number, host: string, folder: string, now: number): Promise<boolean> {
  if (host === safeFileName(hostname())) return pid === process.pid ? heldHere.has(folder) : isProcessAlive(pid);
  return stat(path).then(
    ({ mtimeMs }) => now - mtimeMs < STRANGER_MS,
    () => false,
  );
}
