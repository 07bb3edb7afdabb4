import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readlink, rename, rmdir, symlink, unlink } from 'node:fs/promises';
import { randomHex } from '../../platform/entropy.ts';
import { withFileIn } from '../file-access.ts';
import { inFolder, isErrno, type FolderHandle } from '../folder-handle.ts';
import { isGuardedName } from '../path-policy.ts';
import { hashOf, type FileState } from './change-record.ts';

/** What is at a path inside a folder. `blocked` says why nothing can be put there. */
export type Found = { state: FileState; bytes: Buffer } | { state: null } | { blocked: string };

const MAX_BYTES = 256 * 1024 * 1024;

/** The names of a path that may be written in a user's folder; null for any other. */
export function namesOf(path: string): string[] | null {
  const names = path.split('/');
  const isPlain = names.every((name) => name !== '' && name !== '.' && name !== '..' && !isGuardedName(name));
  return isPlain && path.isWellFormed() && !/\p{Cc}/u.test(path) ? names : null;
}

/** Looks at a path without following any link in it. */
export async function look(root: string, path: string): Promise<Found> {
  const names = namesOf(path);
  if (names === null) return { blocked: 'no such name is written here' };
  const name = names.pop() ?? '';
  try {
    return await inFolder(root, names, (folder) => lookIn(folder, name));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return { state: null };
    if (isErrno(error, 'ENOTDIR', 'ELOOP')) return { blocked: 'a part of its path is a file or a link now' };
    throw error;
  }
}

export async function lookIn(folder: FolderHandle, name: string): Promise<Found> {
  const stats = await lstat(folder.at(name));
  if (stats.isSymbolicLink()) {
    const bytes = await readlink(folder.at(name), { encoding: 'buffer' });
    return { state: { kind: 'link', hash: hashOf(bytes), mode: 0o777 }, bytes };
  }
  if (stats.isDirectory()) return { blocked: 'a folder is there now' };
  if (!stats.isFile()) return { blocked: 'what is there now is no ordinary file' };
  return withFileIn(folder, name, async (file, now): Promise<Found> => {
    if (now.size > BigInt(MAX_BYTES)) return { blocked: 'it is too large' };
    const bytes = await file.readFile();
    return { state: { kind: 'file', hash: hashOf(bytes), mode: Number(now.mode) & 0o7777 }, bytes };
  });
}

/** True when nothing tells the two apart but permission bits. */
export function isSameContent(a: FileState | null, b: FileState | null): boolean {
  if (a === null || b === null) return a === b;
  return a.kind === b.kind && a.hash === b.hash;
}

/** A file became a link, or a link a file. */
export function isOtherKind(before: FileState | null, after: FileState | null): boolean {
  return before !== null && after !== null && before.kind !== after.kind;
}

export function isExecutable({ kind, mode }: FileState): boolean {
  return kind === 'file' && (mode & 0o111) !== 0;
}

/** Puts a file or a link at a path, in place of a file or link or of nothing. The folder that holds it must exist. */
export async function put(root: string, path: string, state: FileState, bytes: Buffer): Promise<void> {
  const names = namesOf(path);
  const name = names?.pop();
  if (!names || name === undefined) throw new Error(`${JSON.stringify(path)} is not written`);
  await inFolder(root, names, async (folder) => {
    const scrap = folder.at(`.${randomHex(8)}.tmp`);
    try {
      if (state.kind === 'link') await symlink(bytes, scrap);
      else {
        const file = await open(
          scrap,
          constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
          0o600,
        );
        try {
          await file.writeFile(bytes);
          await file.chmod(state.mode);
          await file.sync();
        } finally {
          await file.close();
        }
      }
      await folder.verify();
      await rename(scrap, folder.at(name));
    } catch (error) {
      await unlink(scrap).catch(() => undefined);
      throw error;
    }
  });
}

/** Removes a file or a link, not what it leads to. */
export async function take(root: string, path: string): Promise<void> {
  const names = namesOf(path);
  const name = names?.pop();
  if (!names || name === undefined) throw new Error(`${JSON.stringify(path)} is not removed`);
  await inFolder(root, names, (folder) => unlink(folder.at(name)));
}

/** Makes the folders of a path that are missing. Resolves with those it made, outer ones first. */
export async function makeFolders(root: string, path: string): Promise<string[]> {
  const names = path.split('/').slice(0, -1);
  const made: string[] = [];
  for (const [depth, name] of names.entries()) {
    const isMade = await inFolder(root, names.slice(0, depth), (folder) =>
      mkdir(folder.at(name)).then(
        () => true,
        (error: unknown) => {
          if (isErrno(error, 'EEXIST')) return false;
          throw error;
        },
      ),
    );
    if (isMade) made.push(names.slice(0, depth + 1).join('/'));
  }
  return made;
}

/** Removes a folder if nothing is in it. Resolves with the permission bits that it had, null if it stays. */
export async function takeEmptyFolder(root: string, path: string): Promise<number | null> {
  const names = path.split('/');
  const name = names.pop() ?? '';
  return inFolder(root, names, async (folder) => {
    const { mode } = await lstat(folder.at(name));
    await rmdir(folder.at(name));
    return mode & 0o7777;
  }).catch((error: unknown) => {
    if (isErrno(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR', 'ELOOP', 'EBUSY', 'EPERM', 'EACCES')) return null;
    throw error;
  });
}

/** Makes a folder again that was removed. */
export async function putFolder(root: string, path: string, mode: number): Promise<void> {
  const names = path.split('/');
  const name = names.pop() ?? '';
  await inFolder(root, names, async (folder) => {
    await mkdir(folder.at(name)).catch((error: unknown) => {
      if (!isErrno(error, 'EEXIST')) throw error;
    });
    await folder.enter(name, (inner) => chmod(inner.self, mode));
  });
}
