import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** What a folder says about itself to agents that work in it. */
export interface ProjectNotes {
  /** Name of the file. */
  file: string;
  text: string;
}

/** The first one that is there counts. */
export const PROJECT_FILES = ['AGENTS.md', 'CLAUDE.md'] as const;

/** Longer files are cut, since every agent is sent the whole text with every call. */
const MAX_BYTES = 16_000;

/**
 * Reads AGENTS.md, else CLAUDE.md, of a folder. Null where there is none, where it is empty or no text, and where it is
 * a link that leads out of the folder. Never rejects.
 */
export async function readProjectNotes(folder: string): Promise<ProjectNotes | null> {
  for (const file of PROJECT_FILES) {
    const text = await readInside(folder, file).catch(() => null);
    if (text !== null && text.trim() !== '' && !text.includes('\0')) return { file, text: text.trim() };
  }
  return null;
}

async function readInside(folder: string, file: string): Promise<string | null> {
  const [root, path] = await Promise.all([realpath(folder), realpath(join(folder, file))]);
  if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) return null;
  // A pipe without a writer is not waited for.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await handle.stat()).isFile()) return null;
    const bytes = Buffer.alloc(MAX_BYTES + 1);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    if (bytesRead <= MAX_BYTES) return bytes.toString('utf8', 0, bytesRead);
    // A character that was cut in two is no text.
    const text = bytes.toString('utf8', 0, MAX_BYTES).replace(/\uFFFD$/, '');
    return `${text}\n[cut after ${MAX_BYTES} bytes]`;
  } finally {
    await handle.close();
  }
}
