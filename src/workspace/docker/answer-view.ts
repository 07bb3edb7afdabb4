import { link, mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { safeFileName } from '../../platform/paths.ts';

/**
 * The files of the answers that an agent has been shown, for its container: what a container sees of this machine is fixed
 * when it is made, but what an agent may see grows. Its copies are second names of files that nobody writes into.
 */
export class AnswerView {
  readonly folder: string;
  readonly #snapshots: string;
  #last: Promise<void> = Promise.resolve();

  constructor(folder: string, snapshots: string) {
    this.folder = folder;
    this.#snapshots = snapshots;
  }

  /** Makes it hold these answers and no others. What cannot be shown is left out. Never rejects. */
  show(labels: readonly string[]): Promise<void> {
    const wanted = new Set(labels.map(safeFileName));
    this.#last = this.#last.then(() => this.#show(wanted)).catch(() => undefined);
    return this.#last;
  }

  async #show(wanted: ReadonlySet<string>): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const there = await readdir(this.folder);
    for (const name of there) {
      if (!wanted.has(name)) await rm(join(this.folder, name), { recursive: true, force: true });
    }
    for (const name of wanted) {
      if (there.includes(name)) continue;
      const scrap = join(this.folder, `.${name}.part`);
      await rm(scrap, { recursive: true, force: true });
      await linkTree(join(this.#snapshots, name), scrap).then(
        () => rename(scrap, join(this.folder, name)),
        () => rm(scrap, { recursive: true, force: true }),
      );
    }
  }
}

async function linkTree(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true });
  await mkdir(to);
  for (const entry of entries) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (entry.isFile()) await link(source, target);
  }
}
