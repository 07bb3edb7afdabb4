import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomHex } from '../../platform/entropy.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import type { Tool } from '../tool.ts';
import { groupTools, libraryFiles, type ToolGroup } from './library-files.ts';

/** Says which tools the files are for. */
const MARK = 'servers/.mark';
const MAX_TRIES = 10;

/**
 * The functions by which an agent's code calls tools, as files of Python and TypeScript in a folder that the agent can
 * read and nothing of it can write.
 */
export class CodeLibrary {
  readonly folder: string;
  readonly #tools: () => readonly Tool[];
  #written = '';

  /** `tools` are those of now. Nothing is there before `renew`. */
  constructor(folder: string, tools: () => readonly Tool[]) {
    this.folder = folder;
    this.#tools = tools;
  }

  groups(): ToolGroup[] {
    return groupTools(this.#tools());
  }

  find(name: string): Tool | undefined {
    return this.#tools().find(({ spec }) => spec.name === name);
  }

  /** Makes the files fit the tools of now; does nothing where they do. Rejects with the system's error. */
  async renew(): Promise<void> {
    const files = libraryFiles(this.groups());
    const mark = createHash('sha256')
      .update(JSON.stringify([...files]))
      .digest('hex');
    if (mark === this.#written) return;
    if ((await this.#markOnDisk()) !== mark) await this.#write(new Map([...files, [MARK, mark]]), mark);
    this.#written = mark;
  }

  /** What the tools are no more goes with the old folder; whoever reads sees the old files or the new ones. */
  async #write(files: ReadonlyMap<string, string>, mark: string): Promise<void> {
    const fresh = join(this.folder, `.${randomHex(4)}`);
    for (const [path, content] of files) {
      const target = join(fresh, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFileAtomic(target, content, { mode: 0o444 });
    }
    const place = join(this.folder, 'servers');
    for (let tries = 1; ; tries += 1) {
      try {
        await rename(join(fresh, 'servers'), place);
        break;
      } catch (error) {
        // Another agent that shares the folder was faster.
        if ((await this.#markOnDisk()) === mark) break;
        if (tries === MAX_TRIES) throw error;
        await rename(place, join(fresh, `old-${tries}`)).catch(() => undefined);
      }
    }
    await rm(fresh, { recursive: true, force: true });
  }

  #markOnDisk(): Promise<string | null> {
    return readFile(join(this.folder, MARK), 'utf8').catch(() => null);
  }
}
