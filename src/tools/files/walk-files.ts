import { join } from 'node:path';
import { entriesIn } from '../../workspace/file-access.ts';
import { inFolder, type FolderHandle } from '../../workspace/folder-handle.ts';
import type { Located } from '../../workspace/path-policy.ts';

export interface Walked {
  /** From the folder that the walk began at. */
  path: string;
  kind: 'file' | 'folder' | 'link' | 'other';
}

export interface WalkOptions {
  /** Absolute paths that are not entered and not told. */
  hidden: readonly string[];
  /** Whether names that begin with a dot, and `node_modules`, are left out. */
  skipsHidden: boolean;
  maxEntries: number;
  signal: AbortSignal;
  /** Called with every entry in order; the folder it is in is open. Entries that cannot be opened are left out. */
  onEntry: (entry: Walked, folder: FolderHandle, name: string) => Promise<void> | void;
}

/** Goes through a folder and all below it, sorted, following no link. Resolves with whether it saw everything. */
export async function walkFiles(located: Located, options: WalkOptions): Promise<boolean> {
  let count = 0;
  const walk = async (folder: FolderHandle, at: string): Promise<boolean> => {
    for (const { name, kind } of await entriesIn(folder)) {
      options.signal.throwIfAborted();
      const path = join(at, name);
      if (options.skipsHidden && (name.startsWith('.') || name === 'node_modules')) continue;
      if (options.hidden.includes(join(located.path, path))) continue;
      if (count >= options.maxEntries) return false;
      count += 1;
      await options.onEntry({ path, kind }, folder, name);
      if (kind === 'folder' && !(await folder.enter(name, (inner) => walk(inner, path)).catch(passOver))) {
        return false;
      }
    }
    return true;
  };
  return inFolder(located.folder, located.names, (folder) => walk(folder, ''));
}

/** A folder that the system does not let us enter is passed over. */
function passOver(error: unknown): true {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return true;
  throw error;
}
