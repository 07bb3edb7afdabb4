import { lstat } from 'node:fs/promises';
import type { Located } from '../../workspace/path-policy.ts';
import { ToolMistake } from '../define-tool.ts';
import type { CallingTurn, PathUse, Tool } from '../tool.ts';
import { demandDeletable } from './delete-file.ts';
import { demandKnown, type FileDesk } from './file-desk.ts';

/** Of a server, or the user's own. */
export function isForeign({ origin, spec }: Tool): boolean {
  return origin !== undefined || spec.name.startsWith('custom_tool__');
}

/**
 * Why a tool of somebody else may not do this with a place, in a sentence, or null: what the agent has not read, no tool
 * replaces, moves or deletes for it. The file tools look at that themselves. Rejects when it cannot be found out.
 */
export async function foreignDenial(
  desk: FileDesk,
  located: Located,
  use: PathUse,
  turn: CallingTurn | undefined,
): Promise<string | null> {
  if (use === 'read' || !located.exists || !desk.asksForReading) return null;
  try {
    const signal = new AbortController().signal;
    if (use === 'delete') await demandDeletable(desk, located, true, { signal, ...(turn && { turn }) });
    else if ((await lstat(located.path)).isFile()) await demandKnown(desk, located, 'change');
    return null;
  } catch (error) {
    if (error instanceof ToolMistake) return error.message;
    throw error;
  }
}
