import { constants } from 'node:fs';
import { chmod, copyFile, link, lstat, mkdir, open, readlink, symlink } from 'node:fs/promises';
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
 * What goes away meanwhile, may not be read, or has a name that is no UTF-8, is left out.
 * Rejects with the system's error; what was copied until then stays.
 */
export async function copyTree(source: string, target: string, options: CopyOptions): Promise<CopiedTree> {
  const copy = new TreeCopy(target, options);
  await mkdir(target, { recursive: false });
  await inFolder(source, [], (folder) => copy.copyFolder(folder, ''));
  return copy;
}

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
    for (const { name, kind } of await entriesIn(folder)) {
      const path = join(at, name);
      if (kind !== 'other' && this.#options.includes?.(path, kind) === false) continue;
      try {
        await this.#copyEntry(folder, name, kind, path);
      } catch (error) {
        if (!isErrno(error, 'ENOENT', 'EACCES', 'EPERM', 'ELOOP')) throw error;
        this.leftOut += 1;
      }
    }
  }

  async #copyEntry(folder: FolderHandle, name: string, kind: Entry['kind'], path: string): Promise<void> {
    if (kind === 'file') await this.#copyFile(folder, name, path);
    else if (kind === 'folder') {
      await mkdir(join(this.#target, path));
      await folder.enter(name, (inner) => this.copyFolder(inner, path));
    } else if (kind === 'link') await this.#copyLink(folder, name, path);
    else this.leftOut += 1;
  }

  async #copyFile(folder: FolderHandle, name: string, path: string): Promise<void> {
    const { limits, fileMode, earlier } = this.#options;
    await withFileIn(folder, name, async (file, stats) => {
      if (this.files >= limits.maxFiles || this.bytes + Number(stats.size) > limits.maxBytes) {
        this.leftOut += 1;
        this.beyond += 1;
        return;
      }
      const source = `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
      const target = join(this.#target, path);
      const isShared =
        earlier?.tree.sources.get(path) === source && (await hasLinked(join(earlier.folder, path), target));
      if (!isShared) {
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
        await chmod(target, fileMode(Number(stats.mode)));
      }
      this.sources.set(path, source);
      this.files += 1;
      this.bytes += Number(stats.size);
    });
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
