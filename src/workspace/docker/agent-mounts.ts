import type { Dirent } from 'node:fs';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentFiles } from '../agent-files.ts';
import { isGuardedName, isWithin, type Grant } from '../path-policy.ts';
import type { Mount } from './container-plan.ts';

/** Folders that are looked through for names that stay read-only; a larger place is not writable as a whole. */
const MAX_ENTRIES = 20_000;

export interface AgentMountOptions {
  files: AgentFiles;
  mayWriteContext: boolean;
  /** What takes the place of the folder of all answers. */
  answers: string;
  /** Further files and folders to read; what is not there is left out. */
  readable: readonly string[];
}

/**
 * What an agent's container sees of this machine, each thing at the path that it has here: the workspace (writable), what
 * the agent may read, and, for whoever presents, writable context paths; what is protected in them stays read-only.
 */
export async function agentMounts(options: AgentMountOptions): Promise<Mount[]> {
  const { files, mayWriteContext, answers, readable } = options;
  const grants = files
    .grants({ mayWriteContext, labels: [] })
    .toSorted((one, other) => one.root.length - other.root.length);
  const mounts = new Map<string, Mount>();
  const add = (mount: Mount): void => void (mounts.has(mount.to) || mounts.set(mount.to, mount));
  for (const [index, grant] of grants.entries()) {
    if (grant.mode === 'none') {
      const outer = grants.slice(0, index).filter(({ mode }) => mode !== 'none');
      if (outer.some(({ root }) => isWithin(root, grant.root))) add({ kind: 'hidden', to: grant.root });
    } else if (await isReady(grant.root, files.runDir)) {
      const kept = grant.mode === 'write' ? await keptIn(grant) : null;
      add({ kind: 'folder', path: grant.root, to: grant.root, isWritable: kept !== null });
      for (const path of kept ?? []) add({ kind: 'folder', path, to: path, isWritable: false });
    }
  }
  add({ kind: 'folder', path: answers, to: files.snapshots, isWritable: false });
  for (const path of [...(files.copyOf?.readable ?? []), ...readable]) {
    if (await isThere(path)) add({ kind: 'folder', path, to: path, isWritable: false });
  }
  return [...mounts.values()];
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
