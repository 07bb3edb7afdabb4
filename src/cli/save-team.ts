import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { printable } from '../config/printable.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import { MassgenError } from '../platform/errors.ts';

/** Writes a config. A file that is there is replaced only where that was said. Rejects with a MassgenError. */
export async function saveTeam(path: string, text: string, mayReplace: boolean): Promise<void> {
  const shown = printable(path, 300);
  try {
    await mkdir(dirname(path), { recursive: true });
    if (mayReplace) await writeFileAtomic(path, text, { mode: 0o644 });
    else await writeFile(path, text, { flag: 'wx', mode: 0o644 });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    if (code === 'EEXIST') {
      throw new MassgenError('file-exists', `${shown} exists already, and nothing was written: say so to replace it.`);
    }
    throw new MassgenError('cannot-save', `${shown} could not be written (${code}): check the folder.`, { cause });
  }
}
