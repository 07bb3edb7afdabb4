import { open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomHex } from './entropy.ts';

export interface AtomicWriteOptions {
  /** Permission bits of the file; 0600 unless told. */
  mode?: number;
  /** True waits until the content is on the disk before the new file takes its name; false by default. */
  fsync?: boolean;
}

/**
 * Replaces a file as a whole: a reader sees the old content or the new one, never a part. The new content is
 * written beside it and renamed over it. Rejects with the system's error and leaves no scrap behind.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  options: AtomicWriteOptions = {},
): Promise<void> {
  const scrap = join(dirname(path), `.${randomHex(8)}.tmp`);
  const file = await open(scrap, 'wx', options.mode ?? 0o600);
  try {
    try {
      await file.writeFile(content);
      if (options.fsync) await file.sync();
    } finally {
      await file.close();
    }
    await rename(scrap, path);
  } catch (error) {
    await unlink(scrap).catch(() => undefined);
    throw error;
  }
}

/** Makes names created in a folder survive a power cut. Quietly does nothing where folders cannot be synced. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Windows and some network file systems refuse it; the files themselves are synced.
  }
}
