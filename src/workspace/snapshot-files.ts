import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { safeFileName } from '../platform/paths.ts';
import { entriesIn, withFileIn } from './file-access.ts';
import { inFolder, isErrno, type FolderHandle } from './folder-handle.ts';

/** One file of an answer's snapshot. */
export interface SnapshotFile {
  /** With slashes, below the snapshot. */
  path: string;
  bytes: number;
  /** Equal for equal contents; null for a link and for what is too large to be compared. */
  hash: string | null;
  kind: 'file' | 'link' | 'other';
}

/** A listing says what it leaves out. */
export interface SnapshotListing {
  files: SnapshotFile[];
  leftOut: number;
}

export type SnapshotContent =
  | { kind: 'text'; text: string; isCut: boolean }
  | { kind: 'binary'; bytes: number }
  | { kind: 'missing' };

const MOST_FILES = 5000;
const MOST_DEEP = 32;
const MOST_HASHED_BYTES = 4_000_000;
const MOST_READ_BYTES = 400_000;

/** The files that an answer was handed in with, by path. Links are told, not followed. Null where there are none. */
export async function listSnapshot(runDir: string, label: string): Promise<SnapshotListing | null> {
  const listing: SnapshotListing = { files: [], leftOut: 0 };
  try {
    await inFolder(rootOf(runDir, label), [], (folder) => walk(folder, '', 0, listing));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
  listing.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return listing;
}

/** One file of it as text, its beginning where it is long; never through a link. */
export async function readSnapshotFile(runDir: string, label: string, path: string): Promise<SnapshotContent> {
  return readIn(rootOf(runDir, label), path);
}

/** A file of the run's own folder, the same way. */
export async function readRunFile(runDir: string, path: string): Promise<SnapshotContent> {
  return readIn(runDir, path);
}

async function readIn(root: string, path: string): Promise<SnapshotContent> {
  const names = path.split('/');
  const name = names.pop() ?? '';
  try {
    return await inFolder(root, names, (folder) =>
      withFileIn(folder, name, async (file, stats): Promise<SnapshotContent> => {
        const buffer = Buffer.alloc(Math.min(Number(stats.size), MOST_READ_BYTES));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
        const read = buffer.subarray(0, bytesRead);
        const isCut = stats.size > BigInt(bytesRead);
        if (isBinary(read, isCut)) return { kind: 'binary', bytes: Number(stats.size) };
        return { kind: 'text', text: read.toString('utf8'), isCut };
      }),
    );
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ELOOP', 'ENOTDIR')) return { kind: 'missing' };
    throw error;
  }
}

function rootOf(runDir: string, label: string): string {
  return join(runDir, 'snapshots', safeFileName(label));
}

async function walk(folder: FolderHandle, prefix: string, depth: number, listing: SnapshotListing): Promise<void> {
  for (const { name, kind } of await entriesIn(folder)) {
    const path = `${prefix}${name}`;
    if (listing.files.length >= MOST_FILES || depth > MOST_DEEP) listing.leftOut += 1;
    else if (kind === 'folder') await folder.enter(name, (inner) => walk(inner, `${path}/`, depth + 1, listing));
    else if (kind === 'file') listing.files.push({ path, kind, ...(await measure(folder, name)) });
    else listing.files.push({ path, kind, bytes: 0, hash: null });
  }
}

async function measure(folder: FolderHandle, name: string): Promise<{ bytes: number; hash: string | null }> {
  return withFileIn(folder, name, async (file, stats) => {
    const bytes = Number(stats.size);
    if (bytes > MOST_HASHED_BYTES) return { bytes, hash: null };
    return {
      bytes,
      hash: createHash('sha256')
        .update(await file.readFile())
        .digest('hex'),
    };
  });
}

/** A zero byte, or bytes that are no UTF-8; a cut may go through the middle of a character. */
function isBinary(bytes: Buffer, isCut: boolean): boolean {
  if (bytes.includes(0)) return true;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
    return false;
  } catch {
    return true;
  }
}
