import { join, relative } from 'node:path';
import type { AnswerLabel } from '../../events/event.ts';
import { entriesIn } from '../file-access.ts';
import { inFolder, isErrno, type FolderHandle } from '../folder-handle.ts';
import { isWithin } from '../path-policy.ts';
import {
  changesFolder,
  keepBlob,
  keepChangeSet,
  readBlob,
  type ChangeRecord,
  type ChangeSet,
  type FileState,
} from './change-record.ts';
import { isExecutable, isOtherKind, isSameContent, lookIn, namesOf, type Found } from './file-state.ts';
import type { ObjectFormat } from './binary-patch.ts';
import { git } from './git.ts';
import { patchOf, partsOf } from './patch-text.ts';
import { findIgnored, type Project } from './project.ts';
import { isEnvFile } from './survey.ts';

export interface Collected {
  set: ChangeSet;
  /** Relative to the run's folder. */
  patch: string;
  /** What of the copy is not proposed, and why, in sentences. */
  problems: string[];
}

export interface CollectOptions {
  project: Project;
  /** The winner's copy, which nobody works on any more. */
  copy: string;
  label: AnswerLabel;
  runDir: string;
  /** Absolute, in the user's folder; what lies there is not proposed. */
  protectedPaths: readonly string[];
  path: string;
}

type Entries = Map<string, 'file' | 'link'>;

const MAX_CHANGES = 5_000;
const SHOWN = 5;

/**
 * Compares the winner's copy with what it began with, and keeps what differs in the run's folder: what the user reviews
 * is what is written later. Names that belong to git, to the user's secrets or to caches are never proposed.
 */
export async function collectChanges({
  project,
  copy,
  label,
  runDir,
  protectedPaths,
  path,
}: CollectOptions): Promise<Collected> {
  const folder = changesFolder(runDir, label);
  const isLeftOut = (at: string): boolean =>
    project.copyFiles.includes(at) || isEnvFile(at.split('/').at(-1) ?? '') || namesOf(at) === null;
  const [before, after] = [await entriesOfTree(project.base), await entriesOfTree(copy)];
  const isProtected = (at: string): boolean =>
    protectedPaths.some((kept) => isWithin(relative(project.root, kept), at) || kept === project.root);
  const fresh = [...after.keys()].filter((at) => !before.has(at) && !isLeftOut(at));
  const ignored = await findIgnored(project, copy, fresh, path);
  const paths = [...new Set([...before.keys(), ...after.keys()])]
    .filter((at) => !isLeftOut(at) && !ignored.has(at))
    .toSorted();
  const records: ChangeRecord[] = [];
  const blocked: string[] = [];
  const kept: string[] = [];
  for (const at of paths) {
    const [old, now] = [await lookAt(project.base, at, before), await lookAt(copy, at, after)];
    if ('blocked' in old || 'blocked' in now) {
      blocked.push(at);
      continue;
    }
    if (isSameContent(old.state, now.state) && sameExecution(old.state, now.state)) continue;
    if (isProtected(at)) kept.push(at);
    else if (records.length < MAX_CHANGES) records.push(await recordOf(folder, at, old, now));
    else blocked.push(at);
  }
  const set: ChangeSet = { v: 1, label, root: project.root, records };
  const format = await formatOf(project, path);
  const text = await patchOf(records, { bytesOf: ({ hash }) => readBlob(folder, hash), format });
  await keepChangeSet(folder, set, text);
  const odd = [...after.keys()].filter((at) => !before.has(at) && isLeftOut(at));
  return {
    set,
    patch: relative(runDir, join(folder, 'changes.patch')),
    problems: [
      ...told(blocked, 'Too large, too many or no ordinary files'),
      ...told(kept, 'Protected paths'),
      ...told(
        odd.filter((at) => !project.copyFiles.includes(at) && !/(^|\/)node_modules\//.test(at)),
        'Names that are never written to a user’s folder',
      ),
    ],
  };
}

/** Never rejects: where there is no repository, or an old git, there is but one. */
async function formatOf({ repository }: Project, path: string): Promise<ObjectFormat> {
  if (repository === null) return 'sha1';
  return git(['rev-parse', '--show-object-format'], { cwd: repository, path, gitDir: repository }).then(
    (said) => (said.trim() === 'sha256' ? 'sha256' : 'sha1'),
    () => 'sha1',
  );
}

async function recordOf(folder: string, path: string, old: Found, now: Found): Promise<ChangeRecord> {
  const before = stateOf(old);
  const after = stateOf(now);
  for (const each of [old, now]) if ('bytes' in each) await keepBlob(folder, each.bytes);
  const { parts, isBinary } = await partsOf(textSide(old), textSide(now), isOtherKind(before, after));
  const lines = parts.flatMap((part) => part.lines);
  return {
    path,
    change: before === null ? 'added' : after === null ? 'deleted' : 'modified',
    added: lines.filter((line) => line.startsWith('+')).length,
    removed: lines.filter((line) => line.startsWith('-')).length,
    isBinary,
    ...(parts.length > 1 && { hunks: parts.length }),
    ...detailOf(before, after),
    before,
    after,
    parts,
  };
}

function stateOf(found: Found): FileState | null {
  return 'state' in found ? found.state : null;
}

/** Of a link, where it leads to. */
function textSide(found: Found): Buffer | null {
  return 'bytes' in found ? found.bytes : null;
}

function sameExecution(a: FileState | null, b: FileState | null): boolean {
  return a === null || b === null || isExecutable(a) === isExecutable(b);
}

/** What a comparison of texts does not show. */
function detailOf(before: FileState | null, after: FileState | null): { detail?: string } {
  if (isOtherKind(before, after)) return { detail: after?.kind === 'link' ? 'becomes a link' : 'is no link any more' };
  if ((after ?? before)?.kind === 'link') return { detail: 'a link' };
  if (after && isExecutable(after) && !(before && isExecutable(before))) return { detail: 'executable' };
  if (before && after && isExecutable(before) && !isExecutable(after)) return { detail: 'not executable any more' };
  return {};
}

async function lookAt(root: string, path: string, entries: Entries): Promise<Found> {
  if (!entries.has(path)) return { state: null };
  const names = path.split('/');
  const name = names.pop() ?? '';
  // A name that is no UTF-8 cannot be found again, in none of the trees.
  return inFolder(root, names, (folder) => lookIn(folder, name)).catch((error: unknown): Found => {
    if (isErrno(error, 'ENOENT')) return { state: null };
    throw error;
  });
}

/** Files and links that stay inside; the same are left out of copies. */
async function entriesOfTree(root: string): Promise<Entries> {
  const entries: Entries = new Map();
  const walk = async (folder: FolderHandle, prefix: string): Promise<void> => {
    for (const { name, kind } of await entriesIn(folder)) {
      const path = `${prefix}${name}`;
      if (kind === 'folder' && !SKIPPED.has(name)) await folder.enter(name, (inner) => walk(inner, `${path}/`));
      else if (kind === 'file' || kind === 'link') entries.set(path, kind);
    }
  };
  await inFolder(root, [], (folder) => walk(folder, ''));
  entries.delete('.git');
  return entries;
}

/** Folders that are never proposed and may be huge. */
const SKIPPED = new Set(['.git', 'node_modules', '.venv', 'venv', '__pycache__', '.massgen']);

function told(paths: readonly string[], what: string): string[] {
  if (paths.length === 0) return [];
  const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : '';
  return [
    `${what} of the copy are not proposed: ${paths
      .slice(0, SHOWN)
      .map((each) => JSON.stringify(each))
      .join(', ')}${more}.`,
  ];
}
