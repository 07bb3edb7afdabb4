import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomHex } from '../platform/entropy.ts';
import { safeFileName } from '../platform/paths.ts';

/** A file is at most this long, so that whatever reads texts reads it. */
const MAX_CHARS = 3_000_000;

/** Outputs of one agent's tools that were too long for its model, as files of the run that nobody changes. */
export class KeptOutputs {
  /** Absolute. */
  readonly folder: string;
  #count = 0;

  constructor(runDir: string, alias: string) {
    this.folder = join(runDir, 'tool-output', safeFileName(alias));
  }

  /** Resolves with the paths of the files that hold the text, in order; mostly it is one. Zero bytes become marks. */
  async keep(text: string, tool: string): Promise<string[]> {
    await mkdir(this.folder, { recursive: true });
    this.#count += 1;
    const name = `${this.#count}-${safeFileName(tool)}-${randomHex(3)}`;
    const paths: string[] = [];
    for (let at = 0; at < text.length || paths.length === 0; at += MAX_CHARS) {
      const part = text.length > MAX_CHARS ? `-part${paths.length + 1}` : '';
      const path = join(this.folder, `${name}${part}.txt`);
      const words = text.slice(at, at + MAX_CHARS).replaceAll('\0', '\uFFFD');
      await writeFile(path, words, { mode: 0o400, flag: 'wx' });
      paths.push(path);
    }
    return paths;
  }
}
