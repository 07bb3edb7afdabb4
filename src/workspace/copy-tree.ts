import { constants } from 'node:fs';
import { chmod, copyFile, link, lstat, mkdir, open, readlink, symlink, type FileHandle } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

import { entriesIn, withFileIn, type Entry } from './file-access.ts';
import { ANCHORING, inFolder, isErrno, type FolderHandle } from './folder-handle.ts';

/** What was copied, so that the next copy of the same tree can share what has not changed since. */
export interface CopiedTree {
  files: number;
  bytes: number;
  /** Entries that were left out: beyond the limits, no ordinary files, links that lead out, what cannot be read. */
  leftOut: number;
  /** Of them, those beyond the limits. */
  beyond: number;
  /** By path inside the tree: what the source was like. */
  sources: ReadonlyMap<string, string>;
}

export interface CopyLimits {
  maxFiles: number;
  maxBytes: number;
}

export interface CopyOptions {
  limits: CopyLimits;
  /** Permission bits of a copy, from those of the source. */
  fileMode: (mode: number) => number;
  /** An earlier copy of the same source, whose files nobody writes into; unchanged files become second names of it. */
  earlier?: { folder: string; tree: CopiedTree };
  /** What belongs to the copy; everything if left out. `path` is inside the tree, with slashes. */
  includes?: (path: string, kind: 'file' | 'folder' | 'link') => boolean;
}

/**
 * Copies a folder into a new one that must not exist. Follows no link, so nothing from outside gets in even if the
 * source changes meanwhile. Links that stay inside are kept as links. Shares disk blocks where the file system can.
 * Files of a folder are copied before what is below it, some at a time; who comes first
 * where the limits are reached goes by name all the same.
 * What goes away meanwhile, may not be read, or has a name that is no UTF-8, is left out.
 * Rejects with the system's error; what was copied until then stays.
 */
export async function copyTree(source: string, target: string, options: CopyOptions): Promise<CopiedTree> {
  const copy = new TreeCopy(target, options);
  await mkdir(target, { recursive: false });
  await inFolder(source, [], (folder) => copy.copyFolder(folder, ''));
  return copy;
}

/** More would not be faster: the system does four things at a time for this program. */
const FILES_AT_ONCE = 8;

class TreeCopy implements CopiedTree {
  files = 0;
  bytes = 0;
  leftOut = 0;
  beyond = 0;
  readonly sources = new Map<string, string>();
  readonly #target: string;
  readonly #options: CopyOptions;

  constructor(target: string, options: CopyOptions) {
    this.#target = target;
    this.#options = options;
  }

  async copyFolder(folder: FolderHandle, at: string): Promise<void> {
    const { includes } = this.#options;
    const entries = (await entriesIn(folder)).filter(
      ({ name, kind }) => kind === 'other' || includes?.(join(at, name), kind) !== false,
    );
    const files = entries.filter(({ kind }) => kind === 'file');
    for (let first = 0; first < files.length; first += FILES_AT_ONCE) {
      await this.#copyFiles(folder, files.slice(first, first + FILES_AT_ONCE), at);
    }
    for (const { name, kind } of entries) {
      const path = join(at, name);
      if (kind === 'folder') await this.#orLeaveOut(this.#copyInner(folder, name, path));
      else if (kind === 'link') await this.#orLeaveOut(this.#copyLink(folder, name, path));
      else if (kind === 'other') this.leftOut += 1;
    }
  }

  /** What is left out must not depend on which of them comes first: each waits until the one before it has its place. */
  async #copyFiles(folder: FolderHandle, files: readonly Entry[], at: string): Promise<void> {
    let before: Promise<void> = Promise.resolve();
    const copies = files.map(({ name }) => {
      const mine = before;
      const placed = Promise.withResolvers<void>();
      before = placed.promise;
      const copy = this.#copyFile(folder, name, join(at, name), mine, placed.resolve);
      return this.#orLeaveOut(copy.finally(placed.resolve));
    });
    // The folder stays open until nobody needs it any more.
    const failed = (await Promise.allSettled(copies)).find(({ status }) => status === 'rejected');
    if (failed) await Promise.all(copies);
  }

  async #orLeaveOut(copy: Promise<void>): Promise<void> {
    try {
      await copy;
    } catch (error) {
      if (!isErrno(error, 'ENOENT', 'EACCES', 'EPERM', 'ELOOP')) throw error;
      this.leftOut += 1;
    }
  }

  async #copyInner(folder: FolderHandle, name: string, path: string): Promise<void> {
    await mkdir(join(this.#target, path));
    await folder.enter(name, (inner) => this.copyFolder(inner, path));
  }

  async #copyFile(
    folder: FolderHandle,
    name: string,
    path: string,
    before: Promise<void>,
    placed: () => void,
  ): Promise<void> {
    await withFileIn(folder, name, async (file, stats) => {
      await before;
      const bytes = Number(stats.size);
      const { maxFiles, maxBytes } = this.#options.limits;
      if (this.files >= maxFiles || this.bytes + bytes > maxBytes) {
        this.leftOut += 1;
        this.beyond += 1;
        return;
      }
      const source = `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
      this.sources.set(path, source);
      this.files += 1;
      this.bytes += bytes;
      placed();
      try {
        if (!(await this.#shareEarlier(path, source))) await this.#copyContent(file, Number(stats.mode), path);
      } catch (error) {
        this.sources.delete(path);
        this.files -= 1;
        this.bytes -= bytes;
        throw error;
      }
    });
  }

  async #shareEarlier(path: string, source: string): Promise<boolean> {
    const { earlier } = this.#options;
    return (
      earlier?.tree.sources.get(path) === source &&
      (await hasLinked(join(earlier.folder, path), join(this.#target, path)))
    );
  }

  async #copyContent(file: FileHandle, mode: number, path: string): Promise<void> {
    const target = join(this.#target, path);
    if (ANCHORING === 'descriptor') {
      await copyFile(`/proc/self/fd/${file.fd}`, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    } else {
      const copy = await open(target, 'wx');
      try {
        await copy.writeFile(file.createReadStream({ autoClose: false, start: 0 }));
      } finally {
        await copy.close();
      }
    }
    await chmod(target, this.#options.fileMode(mode));
  }

  async #copyLink(folder: FolderHandle, name: string, path: string): Promise<void> {
    const leadsTo = await readlink(folder.at(name));
    const inside = normalize(join(dirname(path), leadsTo));
    if (leadsTo.startsWith('/') || inside === '..' || inside.startsWith('../')) this.leftOut += 1;
    else await symlink(leadsTo, join(this.#target, path));
  }
}

async function hasLinked(from: string, to: string): Promise<boolean> {
  try {
    if (!(await lstat(from)).isFile()) return false;
    await link(from, to);
    return true;
  } catch {
    return false;
  }
}
