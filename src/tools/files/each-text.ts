import { basename, join } from 'node:path';
import { stampOf, withFile, withFileIn } from '../../workspace/file-access.ts';
import { isErrno } from '../../workspace/folder-handle.ts';
import type { ToolContext } from '../tool.ts';
import { locateFor, type FileDesk } from './file-desk.ts';
import { hiddenRoots } from './list-files.ts';
import { walkFiles } from './walk-files.ts';

const MAX_WALKED = 50_000;

/** Throw it to end a walk that has found enough. */
export class Enough extends Error {}

export interface TextWalk {
  /** A folder, or one file. */
  path: string;
  fits: (path: string) => boolean;
  maxBytes: bigint;
  /** `path` is from the folder on. Resolves with whether the agent is shown something of the file. */
  onText: (path: string, text: string) => Promise<boolean>;
}

/**
 * Hands over the text of every file below a folder, in order, but for hidden ones, `node_modules`, large and binary ones.
 * Resolves with whether it saw everything.
 */
export async function eachText(desk: FileDesk, walk: TextWalk, context: ToolContext): Promise<boolean> {
  const { fits, maxBytes, onText } = walk;
  const located = await locateFor(desk, walk.path, 'read', context);
  const tell = async (path: string, at: string, opened: Promise<Opened | null>): Promise<void> => {
    const file = await opened.catch(() => null);
    if (!file || file.bytes.subarray(0, 8_192).includes(0)) return;
    try {
      if (await onText(path, file.bytes.toString('utf8'))) desk.reads.note(at, file.stamp);
    } catch (error) {
      if (error instanceof Enough) desk.reads.note(at, file.stamp);
      throw error;
    }
  };
  const read: Read = async (handle, stats) =>
    stats.size > maxBytes ? null : { bytes: await handle.readFile(), stamp: stampOf(stats) };
  try {
    return await walkFiles(located, {
      hidden: hiddenRoots(desk, context),
      skipsHidden: true,
      maxEntries: MAX_WALKED,
      signal: context.signal,
      onEntry: async (entry, folder, name) => {
        if (entry.kind !== 'file' || !fits(entry.path)) return;
        await tell(entry.path, join(located.path, entry.path), withFileIn(folder, name, read));
      },
    });
  } catch (error) {
    if (error instanceof Enough) return false;
    if (!isErrno(error, 'ENOTDIR')) throw error;
    try {
      await tell(basename(located.path), located.path, withFile(located, read));
      return true;
    } catch (end) {
      if (end instanceof Enough) return false;
      throw end;
    }
  }
}

type Opened = { bytes: Buffer; stamp: ReturnType<typeof stampOf> };
type Read = Parameters<typeof withFile<Opened | null>>[1];
