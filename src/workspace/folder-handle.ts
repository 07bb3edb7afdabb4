import { constants } from 'node:fs';
import { mkdir, open, realpath, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * How a folder that was checked is used without looking its path up again. `descriptor` goes through the open folder
 * itself (Linux), so nothing that is renamed or linked meanwhile matters. `path` uses the path and checks afterwards
 * that it still leads to the same folder; a race can be noticed, not excluded.
 */
export type Anchoring = 'descriptor' | 'path';

export const ANCHORING: Anchoring = process.platform === 'linux' ? 'descriptor' : 'path';

/** An open folder. The names handed to `at` are single names, never paths. */
export interface FolderHandle {
  /** A path of an entry that is valid while the folder is open. */
  at(name: string): string;
  /** The folder itself, as `at`. */
  readonly self: string;
  /** Opens a folder in it, not through a link, and hands it to `use`. */
  enter<T>(name: string, use: (folder: FolderHandle) => Promise<T>): Promise<T>;
  /** Rejects if the folder is not at its place any more. */
  verify(): Promise<void>;
}

const FOLDER_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Opens `root`, then goes down name by name without following any link, and hands the last folder to `use`. With
 * `create`, missing folders are made. Rejects with the system's error (ELOOP, ENOTDIR, ENOENT …) and with whatever
 * `use` rejects with; everything is closed in any case.
 */
export async function inFolder<T>(
  root: string,
  names: readonly string[],
  use: (folder: FolderHandle) => Promise<T>,
  { create = false, anchoring = ANCHORING }: { create?: boolean; anchoring?: Anchoring } = {},
): Promise<T> {
  let handle = await open(root, FOLDER_FLAGS);
  let path = root;
  try {
    for (const name of names) {
      assertName(name);
      const next = anchoring === 'descriptor' ? `/proc/self/fd/${handle.fd}/${name}` : join(path, name);
      const child = await openChild(next, create);
      await handle.close();
      handle = child;
      path = join(path, name);
    }
    return await lend(anchoring === 'descriptor' ? byDescriptor(handle) : byPath(handle, path), use);
  } finally {
    await handle.close();
  }
}

async function lend<T>(folder: FolderHandle, use: (folder: FolderHandle) => Promise<T>): Promise<T> {
  await folder.verify();
  const result = await use(folder);
  await folder.verify();
  return result;
}

function assertName(name: string): void {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name))
    throw new Error(`"${name}" is no single name`);
}

async function openChild(path: string, create: boolean): Promise<FileHandle> {
  try {
    return await open(path, FOLDER_FLAGS);
  } catch (error) {
    if (!create || !isErrno(error, 'ENOENT')) throw error;
  }
  await mkdir(path, 0o755).catch((error: unknown) => {
    if (!isErrno(error, 'EEXIST')) throw error;
  });
  return open(path, FOLDER_FLAGS);
}

function byDescriptor(handle: FileHandle): FolderHandle {
  const self = `/proc/self/fd/${handle.fd}`;
  const at = (name: string): string => {
    assertName(name);
    return `${self}/${name}`;
  };
  return {
    self: `${self}/`,
    at,
    enter: (name, use) => enter(at(name), byDescriptor, use),
    verify: () => Promise.resolve(),
  };
}

function byPath(handle: FileHandle, path: string): FolderHandle {
  const at = (name: string): string => {
    assertName(name);
    return join(path, name);
  };
  return {
    self: path,
    at,
    enter: (name, use) => enter(at(name), (child) => byPath(child, join(path, name)), use),
    verify: async () => {
      const real = await realpath(path);
      const there = await open(path, FOLDER_FLAGS);
      try {
        const [a, b] = await Promise.all([handle.stat({ bigint: true }), there.stat({ bigint: true })]);
        if (real !== path || a.ino !== b.ino || a.dev !== b.dev) throw new Error('The folder was moved meanwhile.');
      } finally {
        await there.close();
      }
    },
  };
}

async function enter<T>(
  path: string,
  wrap: (handle: FileHandle) => FolderHandle,
  use: (folder: FolderHandle) => Promise<T>,
): Promise<T> {
  const handle = await open(path, FOLDER_FLAGS);
  try {
    return await lend(wrap(handle), use);
  } finally {
    await handle.close();
  }
}

/** True for a system error with one of these codes. */
export function isErrno(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
