import { realpath } from 'node:fs/promises';
import { MassgenError } from '../../platform/errors.ts';
import {
  keepBlob,
  nextJournalName,
  readBlob,
  readChangeSet,
  writeJournal,
  type ChangeRecord,
  type FileState,
  type Journal,
} from './change-record.ts';
import {
  isExecutable,
  isSameContent,
  look,
  makeFolders,
  put,
  take,
  takeEmptyFolder,
  type Found,
} from './file-state.ts';
import { withParts } from './patch-text.ts';

/** What happens where the user has changed a file meanwhile: it is left alone; nothing at all is written; it is replaced. */
export type DriftPolicy = 'skip' | 'fail' | 'prefer_presenter';

export interface ApplyRequest {
  /** Of the changes, as `changesFolder` tells it. */
  folder: string;
  /** Accepted files; others stay as they are. */
  paths: readonly string[];
  /** Numbers of the accepted parts of files that are not taken as a whole, from 0. */
  hunks?: Readonly<Record<string, readonly number[]>>;
  drift: DriftPolicy;
}

/** A file that was left alone, and why. */
export interface Conflict {
  path: string;
  reason: string;
}

export interface Applied {
  paths: string[];
  conflicts: Conflict[];
  /** Relative to `folder`: the file that knows what was there before. */
  backup: string;
}

interface Step {
  path: string;
  found: Found;
  after: FileState | null;
  bytes: Buffer | null;
}

const CHANGED = 'it has changed since the agents got their copies';

/**
 * Writes accepted changes into the user's folder. What was there is kept before anything is touched, so that all of it
 * can be brought back, also after a crash in the middle; applying again then does the rest. A file that the user has
 * changed meanwhile is never replaced, unless `drift` says so. Rejects with a MassgenError when nothing can be written.
 */
export async function applyChanges({ folder, paths, hunks = {}, drift }: ApplyRequest): Promise<Applied> {
  const { root, records } = await readChangeSet(folder);
  await demandRoot(root);
  const steps: Step[] = [];
  const conflicts: Conflict[] = [];
  const done: string[] = [];
  // What goes away makes room: for a file where a folder was, and for a folder where a file was.
  const wanted = records.filter(({ path }) => paths.includes(path));
  const going: string[] = [];
  for (const record of wanted.toSorted((a, b) => Number(a.after !== null) - Number(b.after !== null))) {
    const { path } = record;
    const found = await look(root, path);
    // A file may be called `constructor`.
    const target = await targetOf(folder, record, Object.hasOwn(hunks, path) ? hunks[path] : undefined);
    if ('blocked' in found) {
      if (going.some((each) => each.startsWith(`${path}/`) || path.startsWith(`${each}/`))) {
        steps.push({ path, found: { state: null }, ...target });
      } else conflicts.push({ path, reason: found.blocked });
      continue;
    }
    if (isDone(found.state, target.after)) done.push(path);
    else if (isSameContent(found.state, record.before) || drift === 'prefer_presenter')
      steps.push({ path, found, ...target });
    else {
      conflicts.push({ path, reason: CHANGED });
      continue;
    }
    if (record.after === null) going.push(path);
  }
  if (steps.length === 0 || (conflicts.length > 0 && drift === 'fail')) {
    return { paths: steps.length === 0 ? done : [], conflicts: sorted(conflicts), backup: '' };
  }
  const name = await nextJournalName(folder);
  const missed = await write(folder, name, root, steps);
  const written = steps.map(({ path }) => path).filter((path) => !missed.some((each) => each.path === path));
  return { paths: [...done, ...written].toSorted(), conflicts: sorted([...conflicts, ...missed]), backup: name };
}

function sorted(conflicts: readonly Conflict[]): Conflict[] {
  return conflicts.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Rejects with a MassgenError unless the user's folder is where it was. */
export async function demandRoot(root: string): Promise<void> {
  const real = await realpath(root).catch(() => null);
  if (real === root) return;
  throw new MassgenError(
    'moved-folder',
    `${root} is not where it was when the agents began, so nothing is written. Bring it back to its place.`,
  );
}

/** Also where it is there already, as after a crash. */
function isDone(now: FileState | null, after: FileState | null): boolean {
  if (!isSameContent(now, after)) return false;
  return now === null || after === null || isExecutable(now) === isExecutable(after);
}

/** What a file is to become. */
async function targetOf(
  folder: string,
  { after, before, parts, path }: ChangeRecord,
  numbers: readonly number[] | undefined,
): Promise<Pick<Step, 'after' | 'bytes'>> {
  // Links have no parts.
  const isText = before?.kind === 'file' && after?.kind !== 'link';
  if (numbers !== undefined && isText && parts.length > 0) {
    const some = parts.filter((_, index) => numbers.includes(index));
    const bytes = some.length === parts.length ? null : await withParts(await readBlob(folder, before.hash), some);
    if (some.length < parts.length) {
      if (!bytes)
        throw new MassgenError(
          'bad-part',
          `The chosen parts of ${JSON.stringify(path)} cannot be put together; take the file as a whole.`,
        );
      const mode = (after ?? before).mode;
      return { after: { kind: 'file', hash: await keepBlob(folder, bytes), mode }, bytes };
    }
  }
  return { after, bytes: after && (await readBlob(folder, after.hash)) };
}

/** Resolves with what could not be written after all. */
async function write(folder: string, name: string, root: string, steps: readonly Step[]): Promise<Conflict[]> {
  const entries: Journal['entries'] = [];
  for (const { path, found, after } of steps) {
    if ('bytes' in found) await keepBlob(folder, found.bytes);
    const before = 'state' in found ? found.state : null;
    entries.push({ path, before, after: after && { ...after, mode: modeFor(before, after) } });
  }
  const journal: Journal = { v: 1, state: 'begun', root, entries, madeFolders: [], removedFolders: [] };
  const note = (): Promise<void> => writeJournal(folder, name, journal);
  await note();
  const missed: Conflict[] = [];
  for (const [index, { path, bytes }] of steps.entries()) {
    const entry = entries[index];
    if (!entry) continue;
    try {
      const now = await look(root, path);
      // Not what was kept a moment ago: somebody works on it right now.
      if (!('state' in now) || !isSameContent(now.state, entry.before)) missed.push({ path, reason: CHANGED });
      else if (entry.after === null) await remove(root, path, journal, note);
      else if (bytes) {
        const made = await makeFolders(root, path);
        journal.madeFolders.push(...made);
        if (made.length > 0) await note();
        await put(root, path, entry.after, bytes);
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      missed.push({ path, reason: `the system refuses it (${String(error.code)})` });
    }
  }
  journal.state = 'done';
  await note();
  return missed;
}

/** With the folders that it leaves empty. */
async function remove(root: string, path: string, journal: Journal, note: () => Promise<void>): Promise<void> {
  await take(root, path);
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const mode = await takeEmptyFolder(root, path.slice(0, at));
    if (mode === null) return;
    journal.removedFolders.push({ path: path.slice(0, at), mode });
    await note();
  }
}

/** A file that is there keeps its permission bits, but for the right to be executed. */
function modeFor(before: FileState | null, after: FileState): number {
  if (after.kind === 'link') return 0o777;
  if (before?.kind !== 'file') return isExecutable(after) ? 0o755 : 0o644;
  if (isExecutable(after) === isExecutable(before)) return before.mode;
  return isExecutable(after) ? before.mode | ((before.mode & 0o444) >> 2) : before.mode & ~0o111;
}
