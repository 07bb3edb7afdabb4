import { MassgenError } from '../../platform/errors.ts';
import { demandRoot, type Conflict } from './apply-changes.ts';
import { listJournals, readBlob, writeJournal, type Journal } from './change-record.ts';
import { isSameContent, look, makeFolders, put, putFolder, take, takeEmptyFolder } from './file-state.ts';

type Entry = Journal['entries'][number];

/**
 * Brings back what was there before anything of these changes was written: content, permission bits, what was deleted
 * and what was made. A file that was changed since is left alone and told. Rejects with a MassgenError when there is
 * nothing to bring back.
 */
export async function undoChanges(folder: string): Promise<{ paths: string[]; conflicts: Conflict[] }> {
  const journals = (await listJournals(folder)).filter(({ journal }) => journal.state !== 'undone');
  if (journals.length === 0) {
    throw new MassgenError(
      'nothing-to-undo',
      'Nothing of this run was written to your folder, or all of it was brought back already.',
    );
  }
  const paths = new Set<string>();
  const conflicts: Conflict[] = [];
  for (const { name, journal } of journals.toReversed()) {
    await demandRoot(journal.root);
    const missed = await undoJournal(folder, journal);
    const left = journal.entries.filter(({ path }) => missed.some((each) => each.path === path));
    for (const { path } of journal.entries) if (!left.some((each) => each.path === path)) paths.add(path);
    conflicts.push(...missed);
    await writeJournal(folder, name, left.length > 0 ? { ...journal, entries: left } : { ...journal, state: 'undone' });
  }
  return { paths: [...paths].toSorted(), conflicts };
}

/** What was made goes first, so that what was there before has room. Resolves with what stays as it is. */
async function undoJournal(
  folder: string,
  { root, entries, madeFolders, removedFolders }: Journal,
): Promise<Conflict[]> {
  const missed: Conflict[] = [];
  const bringBack = async (entry: Entry): Promise<void> => {
    const reason = await undoEntry(folder, root, entry);
    if (reason !== null) missed.push({ path: entry.path, reason });
  };
  for (const entry of entries.filter(({ before }) => before === null)) await bringBack(entry);
  for (const path of madeFolders.toReversed()) await takeEmptyFolder(root, path);
  for (const { path, mode } of removedFolders.toReversed()) await putFolder(root, path, mode).catch(() => undefined);
  for (const entry of entries.filter(({ before }) => before !== null)) await bringBack(entry);
  return missed;
}

/** Null when the path is what it was; else why it is not. */
async function undoEntry(folder: string, root: string, { path, before, after }: Entry): Promise<string | null> {
  const found = await look(root, path);
  if ('blocked' in found) return found.blocked;
  const now = found.state;
  if (isSameContent(now, before) && now?.mode === before?.mode) return null;
  if (!isSameContent(now, after) && !isSameContent(now, before)) return 'it has changed since it was written';
  if (before === null) await take(root, path);
  else {
    await makeFolders(root, path);
    await put(root, path, before, await readBlob(folder, before.hash));
  }
  return null;
}
