import { readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomHex } from '../platform/entropy.ts';
import { EXIT, MassgenError } from '../platform/errors.ts';
import { isProcessAlive } from '../platform/process-alive.ts';
import { errnoOf } from './files.ts';

/**
 * Lets one process at a time take a run over: `work` runs while a file with this process's number is in the folder.
 * What a dead process left behind is removed. Rejects with `run-busy` while another one is at it.
 */
export async function withAdoptionLock<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const path = join(dir, 'adopting');
  await acquire(path, dir);
  try {
    return await work();
  } finally {
    await unlink(path).catch(() => undefined);
  }
}

async function acquire(path: string, dir: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await writeFile(path, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    // An empty file was made a moment ago and has no number yet.
    if (holder === 0 || isProcessAlive(holder) || tries > 3) throw busy(path, dir);
    // Renaming has one winner; removing by name might remove the lock of whoever came in between.
    const scrap = join(dir, `.${randomHex(8)}.tmp`);
    await rename(path, scrap).catch(() => undefined);
    await unlink(scrap).catch(() => undefined);
  }
}

function busy(path: string, dir: string): MassgenError {
  return new MassgenError(
    'run-busy',
    `Another process is taking over the run in ${dir} just now. Try again in a moment; ` +
      `if no other one is running, remove ${path}.`,
    { exitCode: EXIT.execution },
  );
}
