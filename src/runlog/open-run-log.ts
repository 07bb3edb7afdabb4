import { constants } from 'node:fs';
import { copyFile, open, rename, unlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { RunEvent } from '../events/event.ts';
import { syncFolder, writeFileAtomic } from '../platform/atomic-file.ts';
import { createRealClock, type Clock } from '../platform/clock.ts';
import { randomHex } from '../platform/entropy.ts';
import { MassgenError } from '../platform/errors.ts';
import { withAdoptionLock } from './adoption-lock.ts';
import type { WritableRunLog } from './event-log.ts';
import { createEventLog } from './event-log.ts';
import type { Fence } from './files.ts';
import { epochPath, logPath, readFence, writeFence } from './files.ts';
import { unwritable } from './log-errors.ts';
import { createLogWriter } from './log-writer.ts';
import { readLogLines } from './read-run-log.ts';
import type { Redactor } from './redact.ts';

export interface AdoptRunLogOptions {
  clock: Clock;
  redact: Redactor;
  /** That of the last event unless told. */
  attempt?: number;
}

export interface AdoptedRun {
  log: WritableRunLog;
  /** What the log holds, to fold the state from. Events of unknown types are left out here and kept on disk. */
  events: RunEvent[];
}

/**
 * Takes an existing run over: from now on every other writer of it is refused, whether it is alive or not. A torn
 * last line is cut; damage before it rejects with a MassgenError that names the line, before anything is changed.
 *
 * The log goes on in a copy that takes the file's name, so that a late write of the former writer, which still has
 * the old file open, can never land between ours.
 */
export async function adoptRunLog(folder: string, options: AdoptRunLogOptions): Promise<AdoptedRun> {
  const dir = resolve(folder);
  const path = logPath(dir);
  const before = await scan(path);
  try {
    return await withAdoptionLock(dir, () => takeOver(dir, before.epoch, options));
  } catch (error) {
    throw error instanceof MassgenError ? error : unwritable(path, before.last.seq, error);
  }
}

async function takeOver(dir: string, lastEpoch: number, options: AdoptRunLogOptions): Promise<AdoptedRun> {
  const path = logPath(dir);
  const fence: Fence = {
    epoch: Math.max((await readFence(dir))?.epoch ?? 0, lastEpoch) + 1,
    token: randomHex(12),
  };
  await writeFileAtomic(epochPath(dir), writeFence(fence), { fsync: true });
  const { file, found } = await takeCopy(dir, path);
  const writer = createLogWriter({
    clock: createRealClock(),
    file,
    path,
    fence,
    size: found.size,
    seq: found.last.seq,
  });
  const log = createEventLog({
    runId: found.run ?? basename(dir),
    dir,
    epoch: fence.epoch,
    attempt: options.attempt ?? found.attempt,
    last: found.last,
    clock: options.clock,
    redact: options.redact,
    writer,
  });
  return { log, events: found.events };
}

interface Found {
  events: RunEvent[];
  last: { seq: number; at: number };
  run: string | null;
  attempt: number;
  epoch: number;
  /** Bytes of whole lines. */
  size: number;
}

async function scan(path: string): Promise<Found> {
  const found: Found = { events: [], last: { seq: 0, at: 0 }, run: null, attempt: 1, epoch: 0, size: 0 };
  for await (const { event, envelope, end } of readLogLines(path)) {
    if (event) found.events.push(event);
    found.last = { seq: envelope.seq, at: envelope.at };
    found.run = envelope.run;
    found.attempt = envelope.attempt;
    found.epoch = envelope.epoch;
    found.size = end;
  }
  return found;
}

/** Copies the log, cuts a torn last line off the copy and puts it in the log's place. */
async function takeCopy(dir: string, path: string): Promise<{ file: Awaited<ReturnType<typeof open>>; found: Found }> {
  const scrap = join(dir, `.${randomHex(8)}.tmp`);
  try {
    await copyFile(path, scrap, constants.COPYFILE_EXCL);
    const found = await scan(scrap);
    const file = await open(scrap, 'r+');
    try {
      await file.chmod(0o600);
      await file.truncate(found.size);
      await file.sync();
      await rename(scrap, path);
      await syncFolder(dir);
      return { file, found };
    } catch (error) {
      await file.close();
      throw error;
    }
  } catch (error) {
    await unlink(scrap).catch(() => undefined);
    throw error;
  }
}
