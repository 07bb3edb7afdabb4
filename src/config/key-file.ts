import { mkdir, readFile, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import { EXIT, MassgenError } from '../platform/errors.ts';
import { printable } from './printable.ts';

/**
 * A text that cannot be a key: empty, with spaces, control characters or quotes in it, or far too long. A full
 * sentence that does not quote it; null for a possible key.
 */
export function keyTrouble(key: string): string | null {
  if (key === '') return 'The key is empty.';
  if (key.length > 4096) return 'That is too long for a key.';
  if (!/^[\x21-\x7e]+$/.test(key)) return 'A key has no spaces, line breaks or other special characters in it.';
  if (/['"`]/.test(key)) return 'A key has no quotes in it: enter it without them.';
  return null;
}

/** The text of a `.env` file with this variable in it: its line is replaced where there is one. Pure. */
export function withVariable(text: string, name: string, value: string): string {
  const line = /^[\w.:/+-]+$/.test(value) ? `${name}=${value}` : `${name}='${value}'`;
  const lines = text.replace(/\n$/, '').split('\n');
  const isOwn = (other: string): boolean => new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`).test(other);
  const first = lines.findIndex(isOwn);
  if (first < 0) return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${line}\n`;
  const kept = lines.flatMap((other, i) => (i === first ? [line] : isOwn(other) ? [] : [other]));
  return `${kept.join('\n')}\n`;
}

/**
 * Puts keys into a `.env` file that only its owner can read (mode 0600), and leaves everything else in it as it is.
 * Rejects with a MassgenError that names the file and no key.
 */
export async function saveKeys(path: string, keys: Readonly<Record<string, string>>): Promise<void> {
  try {
    // The file behind a link is changed, not the link.
    const target = await realpath(path).catch(() => path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    let text = await readFile(target, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    });
    for (const [name, value] of Object.entries(keys)) text = withVariable(text, name, value);
    await writeFileAtomic(target, text, { mode: 0o600, fsync: true });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    const shown = printable(path, 300);
    throw new MassgenError('keys-unwritable', `The key could not be saved in ${shown} (${code}): check the folder.`, {
      exitCode: EXIT.config,
      cause,
    });
  }
}
