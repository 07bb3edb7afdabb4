import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import { endingOf } from '../platform/media-type.ts';

/** A file in the run's folder; `path` is relative to it. */
export interface SavedFile {
  path: string;
  bytes: number;
}

/**
 * Keeps the files that a provider makes for one turn below `files/` in the run's folder, `agent1-turn2-1.png` and so
 * on. Resolves with null where the disk does not take it: the reply counts without its pictures.
 */
export function createFileStore(
  dir: string,
  turn: string,
): (mediaType: string | null, content: Uint8Array) => Promise<SavedFile | null> {
  let count = 0;
  return async (mediaType, content) => {
    count += 1;
    // What a provider calls a file never becomes a name on the disk.
    const path = `files/${turn}-${count}.${endingOf(mediaType)}`;
    try {
      await mkdir(join(dir, 'files'), { recursive: true, mode: 0o700 });
      await writeFileAtomic(join(dir, path), content);
      return { path, bytes: content.length };
    } catch {
      return null;
    }
  };
}

/** Reads such a file again, as base64; null where it is gone. */
export async function readSavedFile(dir: string, path: string): Promise<string | null> {
  if (!/^files\/[\w.-]+$/.test(path)) return null;
  return readFile(join(dir, path), 'base64').catch(() => null);
}
