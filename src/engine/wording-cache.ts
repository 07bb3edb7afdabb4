import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonValue } from '../events/json.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import type { Redactor } from '../runlog/redact.ts';

/** Rewordings of questions, kept over runs. */
export interface WordingCache {
  /** What was kept for exactly this; null where there is nothing usable. Never rejects. */
  load(about: JsonValue): Promise<string[] | null>;
  /** Never rejects: what cannot be kept is asked for again. */
  save(about: JsonValue, wordings: readonly string[]): Promise<void>;
}

const MAX_BYTES = 1_000_000;

/** One file for each, named by the hash of what it is about. Without the secrets of the run that writes it. */
export function createWordingCache(folder: string, redact: Redactor): WordingCache {
  const pathOf = (about: JsonValue): string =>
    join(folder, `${createHash('sha256').update(JSON.stringify(about)).digest('hex')}.json`);
  return {
    load: async (about) => {
      try {
        const text = await readFile(pathOf(about), 'utf8');
        const value: unknown = text.length > MAX_BYTES ? null : JSON.parse(text);
        const isList = Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');
        return isList ? value : null;
      } catch {
        return null;
      }
    },
    save: async (about, wordings) => {
      const text = JSON.stringify(wordings.map((each) => redact.text(each)));
      await mkdir(folder, { recursive: true, mode: 0o700 })
        .then(() => writeFileAtomic(pathOf(about), `${text}\n`))
        .catch(() => undefined);
    },
  };
}
