import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnswerLabel, FileChange } from '../../events/event.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import { MassgenError } from '../../platform/errors.ts';
import { safeFileName } from '../../platform/paths.ts';

/** What is at one path. `hash` is of the bytes, of a link of where it leads to. */
export interface FileState {
  kind: 'file' | 'link';
  hash: string;
  /** Permission bits. */
  mode: number;
}

/** A part of a text that changes. `lines` begin with a space, `+`, `-`, or are `\ No newline at end of file`. */
export interface Hunk {
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
  lines: string[];
}

/** One changed file, with all that is needed to write it, and to see whether the user has changed it meanwhile. */
export interface ChangeRecord extends FileChange {
  before: FileState | null;
  after: FileState | null;
  /** Empty where there is no text to compare. */
  parts: Hunk[];
}

/** What the winner's copy changes in the user's folder, kept in the run's folder until somebody wants it. */
export interface ChangeSet {
  v: 1;
  label: AnswerLabel;
  /** The user's folder, absolute and real. */
  root: string;
  records: ChangeRecord[];
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The folder of the changes of one answer. */
export function changesFolder(runDir: string, label: AnswerLabel): string {
  return join(runDir, 'changes', safeFileName(label));
}

/** Keeps bytes under their hash, whole or not at all. */
export async function keepBlob(folder: string, bytes: Uint8Array): Promise<string> {
  const hash = hashOf(bytes);
  const path = join(folder, 'blobs', hash);
  const size = await lstat(path).then(
    (stats) => stats.size,
    () => null,
  );
  if (size === bytes.length) return hash;
  await mkdir(join(folder, 'blobs'), { recursive: true, mode: 0o700 });
  await writeFileAtomic(path, bytes, { mode: 0o400 });
  return hash;
}

/** Rejects with a MassgenError when what was kept is not what it was. */
export async function readBlob(folder: string, hash: string): Promise<Buffer> {
  const bytes = await readFile(join(folder, 'blobs', hash)).catch(() => null);
  if (bytes && hashOf(bytes) === hash) return bytes;
  throw new MassgenError(
    'damaged-changes',
    `What was kept in ${folder} is damaged (${hash.slice(0, 12)} is missing or differs), so nothing can be written from it.`,
  );
}

export async function keepChangeSet(folder: string, set: ChangeSet, patch: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFileAtomic(join(folder, 'changes.patch'), patch);
  await writeFileAtomic(join(folder, 'changes.json'), `${JSON.stringify(set, null, 2)}\n`, { fsync: true });
}

/** Rejects with a MassgenError when nothing is there. */
export async function readChangeSet(folder: string): Promise<ChangeSet> {
  try {
    return JSON.parse(await readFile(join(folder, 'changes.json'), 'utf8')) as ChangeSet;
  } catch (cause) {
    throw new MassgenError(
      'no-changes',
      `${folder} holds no changes that could be written: the run has proposed none, or its folder was cleaned up.`,
      { cause },
    );
  }
}

/** One time that files were written, with what was there before. */
export interface Journal {
  v: 1;
  state: 'begun' | 'done' | 'undone';
  root: string;
  entries: { path: string; before: FileState | null; after: FileState | null }[];
  /** Folders that were made for it, outer ones first. */
  madeFolders: string[];
  /** Folders that were left empty and removed, inner ones first. */
  removedFolders: { path: string; mode: number }[];
}

export async function listJournals(folder: string): Promise<{ name: string; journal: Journal }[]> {
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => /^written-\d+\.json$/.test(name));
  const sorted = names.toSorted((a, b) => numberOf(a) - numberOf(b));
  return Promise.all(
    sorted.map(async (name) => ({ name, journal: JSON.parse(await readFile(join(folder, name), 'utf8')) as Journal })),
  );
}

export function writeJournal(folder: string, name: string, journal: Journal): Promise<void> {
  return writeFileAtomic(join(folder, name), `${JSON.stringify(journal, null, 2)}\n`, { fsync: true });
}

export async function nextJournalName(folder: string): Promise<string> {
  const all = await listJournals(folder);
  return `written-${numberOf(all.at(-1)?.name ?? 'written-0.json') + 1}.json`;
}

function numberOf(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0);
}
