import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that another program has put somewhere for this one; null where there is none. */
export type Dropped = { text: string } | { fault: string } | null;

/**
 * Reads a file that any program may have put there, and trusts it with nothing: the folder and the file have to be
 * just that, no links and no pipes, and the file small. `name` must come from the caller or be checked by it. Never
 * rejects.
 */
export async function readDropped(folder: string, name: string, maxBytes: number): Promise<Dropped> {
  try {
    if (!(await lstat(folder)).isDirectory()) return { fault: `${folder} is not a folder.` };
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const file = await open(join(folder, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const info = await file.stat();
      if (!info.isFile()) return { fault: 'It is not a file.' };
      if (info.size > maxBytes) return { fault: `It has more than ${maxBytes} bytes.` };
      const { bytesRead, buffer } = await file.read(Buffer.alloc(maxBytes + 1), 0, maxBytes + 1, 0);
      if (bytesRead > maxBytes) return { fault: `It has more than ${maxBytes} bytes.` };
      return { text: buffer.toString('utf8', 0, bytesRead) };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT') return null;
    return { fault: code === 'ELOOP' || code === 'EMLINK' ? 'It is a link.' : `It cannot be read (${code}).` };
  }
}
