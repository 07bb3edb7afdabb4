import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { McpServerNeed } from '../../config/tool-needs.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import { safeFileName } from '../../platform/paths.ts';

/** A server that an agent has found and started; `offer` is its name in the registry. It holds no secret. */
export interface FoundServer {
  offer: string;
  need: McpServerNeed;
}

/** The servers that one agent of a run has found, so that a run that is taken up again has them too. */
export class FoundServers {
  readonly #path: string;
  #all: FoundServer[] = [];
  /** One after the other, so that none overwrites what another has added. */
  #written: Promise<void> = Promise.resolve();

  private constructor(path: string) {
    this.#path = path;
  }

  static async open(runDir: string, alias: string): Promise<FoundServers> {
    const found = new FoundServers(join(runDir, 'found-servers', `${safeFileName(alias)}.json`));
    const known: unknown = await readFile(found.#path, 'utf8')
      .then(JSON.parse)
      .catch(() => null);
    if (Array.isArray(known)) found.#all = known as FoundServer[];
    return found;
  }

  all(): readonly FoundServer[] {
    return this.#all;
  }

  /** Rejects when it cannot be written. */
  add(server: FoundServer): Promise<void> {
    const written = this.#written.then(async () => {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await writeFileAtomic(this.#path, JSON.stringify([...this.#all, server]));
      this.#all.push(server);
    });
    this.#written = written.catch(() => undefined);
    return written;
  }
}
