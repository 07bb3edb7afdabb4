import { appendFile, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MassgenError } from '../../platform/errors.ts';
import { makeFolder } from '../../platform/make-folder.ts';

/** The lines of a file that is only ever added to; none where there is no file yet. Rejects with the system's error. */
export async function readLines(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').filter((line) => line !== '');
}

/** Adds each value as a line of JSON. Rejects with a MassgenError when it cannot be written. */
export async function addLines(path: string, values: readonly object[]): Promise<void> {
  if (values.length === 0) return;
  try {
    await makeFolder(dirname(path));
    // The break comes first, so that a line that was cut off takes no other with it.
    await appendFile(path, values.map((each) => `\n${JSON.stringify(each)}`).join(''), { mode: 0o600 });
  } catch (error) {
    throw new MassgenError('evidence-file', `What was learnt cannot be written to ${path}. Is the disk full?`, {
      cause: error,
    });
  }
}
