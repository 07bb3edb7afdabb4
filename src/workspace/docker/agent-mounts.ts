import type { Dirent } from 'node:fs';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { AnswerLabel } from '../../events/event.ts';
import type { AgentFiles } from '../agent-files.ts';
import { isGuardedName, isWithin, type Grant } from '../path-policy.ts';
import type { Mount } from './container-plan.ts';
import type { Shown } from './shown-files.ts';

/** Folders that are looked through for names that stay read-only; a larger place is not writable as a whole. */
const MAX_ENTRIES = 20_000;

export interface AgentMountOptions {
  files: AgentFiles;
  mayWriteContext: boolean;
  /** What takes the place of the folder of all answers or, for a container that stays, of all runs. */
  shown: string;
  /** For a container that stays: the agent's workspaces of all runs. Null for one of this run alone. */
  workspaces: readonly string[] | null;
  /** Further files and folders to read; what is not there is left out. */
  readable: readonly string[];
}

/**
 * What an agent's container sees of this machine, each thing at the path that it has here: the workspace (writable), what
 * the agent may read, and, for whoever presents, writable context paths; what is protected in them stays read-only.
 */
export async function agentMounts(options: AgentMountOptions): Promise<Mount[]> {
  const { files, mayWriteContext, shown, workspaces, readable } = options;
  const grants = files
    .grants({ mayWriteContext, labels: [] })
    .toSorted((one, other) => one.root.length - other.root.length);
  const mounts = new Map<string, Mount>();
  const add = (mount: Mount): void => void (mounts.has(mount.to) || mounts.set(mount.to, mount));
  for (const [index, grant] of grants.entries()) {
    if (workspaces !== null && isWithin(files.runsDir, grant.root)) {
      add({ kind: 'folder', path: shown, to: files.runsDir, isWritable: false });
    } else if (workspaces !== null && grant.root === files.workspace) {
      for (const path of workspaces) add({ kind: 'folder', path, to: path, isWritable: true });
    } else if (grant.mode === 'none') {
      const outer = grants.slice(0, index).filter(({ mode }) => mode !== 'none');
      if (outer.some(({ root }) => isWithin(root, grant.root))) add({ kind: 'hidden', to: grant.root });
    } else if (await isReady(grant.root, files.runDir)) {
      const kept = grant.mode === 'write' ? await keptIn(grant) : null;
      add({ kind: 'folder', path: grant.root, to: grant.root, isWritable: kept !== null });
      for (const path of kept ?? []) add({ kind: 'folder', path, to: path, isWritable: false });
    }
  }
  if (workspaces === null) add({ kind: 'folder', path: shown, to: files.snapshots, isWritable: false });
  for (const path of [...(files.copyOf?.readable ?? []), ...readable]) {
    const isShown = workspaces !== null && isWithin(files.runsDir, path);
    if (!isShown && (await isThere(path))) add({ kind: 'folder', path, to: path, isWritable: false });
  }
  return [...mounts.values()];
}

/**
 * What the agent may read of the runs, for the folder that takes their place: the files of the answers that it has seen,
 * or, for a container that stays, all of it.
 */
export function shownFiles(
  files: AgentFiles,
  labels: readonly AnswerLabel[],
  readable: readonly string[],
  isAll: boolean,
): Shown[] {
  const isAnswer = (path: string): boolean => dirname(path) === files.snapshots;
  const own = files.grants({ mayWriteContext: false, labels }).filter(({ mode }) => mode === 'read');
  const paths = own.map(({ root }) => root);
  if (!isAll) return paths.filter(isAnswer).map((from) => ({ name: basename(from), from, isFixed: true }));
  const fixed = new Set([files.earlier, ...(files.copyOf?.readable ?? [])]);
  return [...new Set([...paths, ...(files.copyOf?.readable ?? []), ...readable])]
    .filter((path) => isWithin(files.runsDir, path))
    .map((from) => ({ name: relative(files.runsDir, from), from, isFixed: isAnswer(from) || fixed.has(from) }));
}

/** What stays read-only in a writable place; null when that cannot be told, and all of it stays so. */
async function keptIn({ root, isFile, guardsNames, protectedPaths }: Grant): Promise<string[] | null> {
  if (!guardsNames) return [];
  if (isFile) return protectedPaths.includes(root) ? null : [];
  const kept: string[] = [];
  for (const path of protectedPaths) if (await isThere(path)) kept.push(path);
  let left = MAX_ENTRIES;
  const look = async (folder: string): Promise<boolean> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    left -= entries.length;
    if (left < 0) return false;
    for (const entry of entries) {
      const path = join(folder, entry.name);
      // A link is no place to mount something on, so one of these names could be replaced.
      if (entry.isSymbolicLink() && isGuardedName(entry.name)) return false;
      if (isGuardedName(entry.name)) kept.push(path);
      else if (entry.isDirectory() && !(await look(path))) return false;
    }
    return true;
  };
  return (await look(root)) ? kept : null;
}

/** What the run itself may yet make is made now, since it could not be seen otherwise. */
async function isReady(root: string, runDir: string): Promise<boolean> {
  if (isWithin(runDir, root)) await mkdir(root, { recursive: true });
  return isThere(root);
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
