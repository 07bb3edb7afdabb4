import { open, stat } from 'node:fs/promises';
import { decodeLine } from '../events/codec.ts';
import type { UnknownEvent } from '../events/codec.ts';
import type { RunEvent } from '../events/event.ts';
import { MassgenError } from '../platform/errors.ts';
import { logPath } from './files.ts';
import { damagedLog, unreadableLog } from './log-errors.ts';

/** One whole line of a log. */
export interface LogLine {
  /** From 1. */
  line: number;
  /** Bytes of the log up to the end of this line. */
  end: number;
  event: RunEvent | null;
  envelope: RunEvent | UnknownEvent;
}

const LINE_BREAK = 10;
const CHUNK_BYTES = 256 * 1024;

/**
 * The events of a run, oldest first, read as they are asked for. Events of unknown types are skipped; a torn last
 * line (one without its line break) was never confirmed and is left out. Rejects with a MassgenError that names the
 * line when anything before it is damaged: no JSON, no event, out of order, or of another run.
 */
export async function* readRunLog(dir: string): AsyncGenerator<RunEvent, void, undefined> {
  for await (const { event } of readLogLines(logPath(dir))) if (event) yield event;
}

/** All of `readRunLog` at once. `onPart` is told how much was read, 0 … 1, about a hundred times. */
export async function readAll(dir: string, onPart?: (share: number) => void): Promise<RunEvent[]> {
  const path = logPath(dir);
  const size = onPart
    ? await stat(path).then(
        (stats) => stats.size,
        () => 0,
      )
    : 0;
  const events: RunEvent[] = [];
  let told = 0;
  for await (const { event, end } of readLogLines(path)) {
    if (event) events.push(event);
    if (!onPart || end - told < size / 100) continue;
    told = end;
    onPart(Math.min(1, end / Math.max(1, size)));
  }
  return events;
}

/** Every whole line of a log, those of unknown types included. */
export async function* readLogLines(path: string): AsyncGenerator<LogLine, void, undefined> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let last: RunEvent | UnknownEvent | null = null;
  let line = 0;
  let end = 0;
  for await (const bytes of readWholeLines(path)) {
    line += 1;
    end += bytes.length + 1;
    let text: string;
    try {
      text = utf8.decode(bytes);
    } catch {
      throw damagedLog(path, line, 'it is no UTF-8 text');
    }
    const decoded = decodeLine(text);
    if ('error' in decoded) throw damagedLog(path, line, decoded.error);
    const envelope: RunEvent | UnknownEvent = 'ok' in decoded ? decoded.ok : decoded.unknown;
    const misplaced = findMisplacement(envelope, last);
    if (misplaced !== null) throw damagedLog(path, line, misplaced);
    last = envelope;
    yield { line, end, event: 'ok' in decoded ? decoded.ok : null, envelope };
  }
}

function findMisplacement(next: RunEvent | UnknownEvent, last: RunEvent | UnknownEvent | null): string | null {
  const expected = (last?.seq ?? 0) + 1;
  if (next.seq !== expected) return `it is event ${next.seq} where event ${expected} belongs`;
  if (last && next.run !== last.run) return 'it belongs to another run';
  if (last && next.epoch < last.epoch) return 'it was written by a process that had lost the run';
  return null;
}

/** Lines without their breaks; what follows the last break is left out. */
async function* readWholeLines(path: string): AsyncGenerator<Buffer, void, undefined> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw unreadableLog(path, error);
  });
  try {
    let parts: Buffer[] = [];
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return;
      const chunk = buffer.subarray(0, bytesRead);
      let start = 0;
      for (let at = chunk.indexOf(LINE_BREAK); at >= 0; at = chunk.indexOf(LINE_BREAK, start)) {
        parts.push(chunk.subarray(start, at));
        yield parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts);
        parts = [];
        start = at + 1;
      }
      if (start < chunk.length) parts.push(chunk.subarray(start));
    }
  } catch (error) {
    if (error instanceof MassgenError) throw error;
    throw unreadableLog(path, error);
  } finally {
    await file.close();
  }
}
