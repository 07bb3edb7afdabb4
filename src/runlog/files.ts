import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The names of what a run's folder holds for the log. */
export function logPath(dir: string): string {
  return join(dir, 'run.jsonl');
}

export function epochPath(dir: string): string {
  return join(dir, 'epoch');
}

/** What the log needs of an open file; a `FileHandle` has it. Positions are bytes from the start. */
export interface LogFile {
  write(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesWritten: number }>;
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  /** `nlink` is 0 once the file was removed. */
  stat(): Promise<{ nlink: number }>;
  close(): Promise<void>;
}

/**
 * Who may write to a run: the number in its `epoch` file, and a token that tells two processes apart which took
 * the same number at the same moment.
 */
export interface Fence {
  epoch: number;
  token: string;
}

export function writeFence(fence: Fence): string {
  return `${fence.epoch} ${fence.token}\n`;
}

/** Null when there is no such file, or nothing readable in it. Rejects when the folder cannot be read. */
export async function readFence(dir: string): Promise<Fence | null> {
  let text: string;
  try {
    text = await readFile(epochPath(dir), 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
  const match = /^(\d{1,15}) (\S+)\n$/.exec(text);
  return match ? { epoch: Number(match[1]), token: match[2] ?? '' } : null;
}

/** The system's word for what went wrong, e.g. `ENOSPC`; empty for any other error. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
