import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, readdir, rename, rmdir, unlink, type FileHandle } from 'node:fs/promises';
import { randomHex } from '../platform/entropy.ts';
import { inFolder, isErrno, type FolderHandle } from './folder-handle.ts';
import type { Located } from './path-policy.ts';

/** Tells two states of a file apart without reading it. */
export interface FileStamp {
  size: bigint;
  changedNs: bigint;
  inode: bigint;
}

export interface Entry {
  name: string;
  kind: 'file' | 'folder' | 'link' | 'other';
}

/** NONBLOCK, so that a pipe somebody left there cannot hold us up. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Hands an open regular file to `use`. Rejects for everything that is no regular file. */
export async function withFile<T>(
  located: Located,
  use: (file: FileHandle, stats: BigIntStats) => Promise<T>,
): Promise<T> {
  return inFolder(located.folder, located.names.slice(0, -1), (folder) => {
    const name = located.names.at(-1);
    if (name === undefined) throw new Error('It is a folder.');
    return withFileIn(folder, name, use);
  });
}

export async function withFileIn<T>(
  folder: FolderHandle,
  name: string,
  use: (file: FileHandle, stats: BigIntStats) => Promise<T>,
): Promise<T> {
  const file = await open(folder.at(name), READ_FLAGS);
  try {
    const stats = await file.stat({ bigint: true });
    if (stats.isDirectory()) throw new Error('It is a folder.');
    if (!stats.isFile()) throw new Error('It is no ordinary file.');
    await folder.verify();
    return await use(file, stats);
  } finally {
    await file.close();
  }
}

export function stampOf(stats: BigIntStats): FileStamp {
  return { size: stats.size, changedNs: stats.mtimeNs, inode: stats.ino };
}

export function isSameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.changedNs === b.changedNs && a.inode === b.inode;
}

/** The whole file, at most `maxBytes` of it. `mode` are its permission bits. */
export async function readBytes(
  located: Located,
  maxBytes: number,
): Promise<{ bytes: Buffer; stamp: FileStamp; mode: number }> {
  return withFile(located, async (file, stats) => {
    if (stats.size > BigInt(maxBytes)) throw new Error(`It has ${stats.size} bytes; at most ${maxBytes} can be read.`);
    const bytes = await file.readFile();
    return { bytes, stamp: stampOf(stats), mode: Number(stats.mode) & 0o777 };
  });
}

/**
 * Replaces or makes a file as a whole, with the folders on the way to it. The old file is never written into, so a
 * second name of it elsewhere keeps its content. A file that is not there gets the permission bits `freshMode`.
 */
export async function writeBytes(located: Located, bytes: Uint8Array, freshMode = 0o644): Promise<FileStamp> {
  const name = located.names.at(-1);
  if (name === undefined) throw new Error('It is a folder.');
  const folders = located.names.slice(0, -1);
  return inFolder(
    located.folder,
    folders,
    async (folder) => {
      const mode = (await modeOf(folder, name)) ?? freshMode;
      const scrap = folder.at(`.${randomHex(8)}.tmp`);
      const file = await open(scrap, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
      try {
        let stamp: FileStamp;
        try {
          await file.writeFile(bytes);
          stamp = stampOf(await file.stat({ bigint: true }));
        } finally {
          await file.close();
        }
        await folder.verify();
        await rename(scrap, folder.at(name));
        return stamp;
      } catch (error) {
        await unlink(scrap).catch(() => undefined);
        throw error;
      }
    },
    { create: true },
  );
}

/** An existing file keeps its permission bits; a link or a folder in its place is refused. */
async function modeOf(folder: FolderHandle, name: string): Promise<number | null> {
  try {
    const stats = await lstat(folder.at(name));
    if (!stats.isFile()) throw new Error('It is no ordinary file.');
    return stats.mode & 0o777;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Deletes a file, a link (not what it leads to), or a folder with all that is in it. Resolves with the number of files. */
export async function removeAt(located: Located): Promise<number> {
  const name = located.names.at(-1);
  if (name === undefined) throw new Error('It is the folder itself.');
  return inFolder(located.folder, located.names.slice(0, -1), (folder) => removeEntry(folder, name));
}

async function removeEntry(folder: FolderHandle, name: string): Promise<number> {
  const stats = await lstat(folder.at(name));
  if (!stats.isDirectory()) {
    await unlink(folder.at(name));
    return 1;
  }
  const removed = await folder.enter(name, async (inner) => {
    let count = 0;
    for (const entry of await readdir(inner.self)) count += await removeEntry(inner, entry);
    return count;
  });
  await rmdir(folder.at(name));
  return removed;
}

/** What is in a folder, sorted by name. */
export async function entriesIn(folder: FolderHandle): Promise<Entry[]> {
  const entries = await readdir(folder.self, { withFileTypes: true });
  await folder.verify();
  return entries
    .map((entry): Entry => {
      const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'other';
      return { name: entry.name, kind };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
