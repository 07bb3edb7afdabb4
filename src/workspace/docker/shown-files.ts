import { constants, type Stats } from 'node:fs';
import { copyFile, link, lstat, mkdir, readdir, readlink, rename, rm, symlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A folder that is shown under a name, which may be a path. */
export interface Shown {
  name: string;
  from: string;
  /** Nothing in it ever changes, so it need not be looked at again. */
  isFixed: boolean;
}

/**
 * The files of a run that an agent may read, for its container: what a container sees of this machine is fixed when it is
 * made, but what an agent may see grows. They are second names of files that nobody writes into from there, or copies
 * where the folder lies on another disk.
 */
export class ShownFiles {
  readonly folder: string;
  #last: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes it hold these and nothing else. What is not there, or cannot be shown, is left out. Never rejects. */
  show(wanted: readonly Shown[]): Promise<void> {
    this.#last = this.#last.then(() => this.#show(wanted)).catch(() => undefined);
    return this.#last;
  }

  async #show(wanted: readonly Shown[]): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await forget(this.folder, '', new Set(wanted.map(({ name }) => name)));
    for (const { name, from, isFixed } of wanted) {
      const target = join(this.folder, name);
      if (!isFixed) await mirror(from, target).catch(() => undefined);
      else if (!(await statsOf(target))) await showWhole(from, target);
    }
  }
}

/** Removes all that is neither wanted nor on the way to it. */
async function forget(folder: string, at: string, wanted: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(folder)) {
    const name = at === '' ? entry : `${at}/${entry}`;
    if (wanted.has(name)) continue;
    const path = join(folder, entry);
    if ([...wanted].some((each) => each.startsWith(`${name}/`))) await forget(path, name, wanted);
    else await rm(path, { recursive: true, force: true });
  }
}

async function showWhole(from: string, target: string): Promise<void> {
  const scrap = `${target}.part`;
  await rm(scrap, { recursive: true, force: true });
  await mkdir(dirname(target), { recursive: true });
  await mirror(from, scrap).then(
    () => rename(scrap, target),
    () => rm(scrap, { recursive: true, force: true }),
  );
}

/** Makes `to` what `from` is; what is the same already stays. Rejects when `from` is no folder. */
async function mirror(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true });
  await mkdir(to, { recursive: true });
  const names = new Set(entries.map(({ name }) => name));
  for (const name of await readdir(to)) {
    if (!names.has(name)) await rm(join(to, name), { recursive: true, force: true });
  }
  for (const entry of entries) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    const there = await statsOf(target);
    const isSameKind = there?.isDirectory() === entry.isDirectory();
    if (there && !isSameKind) await rm(target, { recursive: true, force: true });
    if (entry.isDirectory()) await mirror(source, target);
    else if (entry.isSymbolicLink()) await replaced(target, async () => symlink(await readlink(source), target));
    else if (entry.isFile()) await showFile(source, target, isSameKind ? there : null);
  }
}

async function showFile(source: string, target: string, there: Stats | null): Promise<void> {
  const now = await lstat(source);
  const isSameFile = there?.ino === now.ino && there.dev === now.dev;
  if (isSameFile || (there?.size === now.size && there.mtimeMs === now.mtimeMs && there.dev !== now.dev)) return;
  await replaced(target, () =>
    link(source, target).catch(async () => {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await utimes(target, now.atime, now.mtime);
    }),
  );
}

async function replaced(target: string, make: () => Promise<unknown>): Promise<void> {
  await rm(target, { force: true });
  await make();
}

function statsOf(path: string): Promise<Stats | null> {
  return lstat(path).catch(() => null);
}
