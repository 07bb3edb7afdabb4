import { isAbsolute, relative } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import type { Access, AgentFiles } from '../../workspace/agent-files.ts';
import { stampOf, withFile } from '../../workspace/file-access.ts';
import type { FileUse, Located } from '../../workspace/path-policy.ts';
import { ToolMistake } from '../define-tool.ts';
import type { CallingTurn, ToolContext } from '../tool.ts';
import type { ReadBook } from './read-book.ts';

/** What the file tools of one agent share. */
export interface FileDesk {
  /** The wall clock. */
  clock: Clock;
  files: AgentFiles;
  reads: ReadBook;
  /** False lets the agent overwrite and delete what it has not read. */
  asksForReading: boolean;
}

/** Who presents, or works alone, writes to writable context paths; what an agent sees follows from its turn. */
export function accessOf(turn: CallingTurn | undefined): Access {
  return {
    mayWriteContext: turn?.kind === 'present' || turn?.kind === 'solo',
    labels: turn?.view ?? [],
  };
}

/** Rejects with a ToolMistake that says why the path may not be used so. */
export async function locateFor(desk: FileDesk, path: string, use: FileUse, context: ToolContext): Promise<Located> {
  const location = await desk.files.locate(path, use, accessOf(context.turn));
  if ('refused' in location) throw new ToolMistake(location.refused);
  return location.ok;
}

/** Rejects unless the agent has read the file as it is now, or made it. `what` is what it wants to do. */
export async function demandKnown(desk: FileDesk, located: Located, what: string): Promise<void> {
  if (!desk.asksForReading || !located.exists) return;
  const stamp = await withFile(located, (_, stats) => Promise.resolve(stampOf(stats)));
  const verdict = desk.reads.judge(located.path, stamp);
  if (verdict === 'unread') throw new ToolMistake(`Read ${show(desk, located.path)} before you ${what} it.`);
  if (verdict === 'changed')
    throw new ToolMistake(`${show(desk, located.path)} has changed since you read it. Read it again.`);
}

/** Notes that the agent has seen what a file holds now. Quietly does nothing for what is no file. */
export async function noteSeen(desk: FileDesk, located: Located): Promise<void> {
  const stamp = await withFile(located, (_, stats) => Promise.resolve(stampOf(stats))).catch(() => null);
  if (stamp) desk.reads.note(located.path, stamp);
}

/** A path as the agent may write it: from its workspace where it lies there. Names cannot break lines. */
export function show(desk: FileDesk, path: string): string {
  const inside = relative(desk.files.workspace, path);
  return printableName(inside === '' ? '.' : inside.startsWith('..') || isAbsolute(inside) ? path : inside);
}

/** File names are anybody's: control characters are written as `\u001b`. */
export function printableName(name: string): string {
  return name
    .toWellFormed()
    .replaceAll(
      /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
      (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
    );
}
