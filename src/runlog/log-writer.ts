import { dirname } from 'node:path';
import type { Clock } from '../platform/clock.ts';
import type { MassgenError } from '../platform/errors.ts';
import type { Fence, LogFile } from './files.ts';
import { readFence } from './files.ts';
import { adoptedElsewhere, logClosed, unwritable } from './log-errors.ts';

export interface LogWriter {
  /**
   * Queues a line (with its line break). Resolves, in order of the calls, once the line is handed to the system,
   * or flushed to the disk when `isDecision`; rejects with a MassgenError. A rejection that nobody looks at is no
   * unhandled rejection, since deltas are sent off without waiting.
   */
  write(line: string, seq: number, isDecision: boolean): Promise<void>;
  /** Writes what is queued and closes the file; never rejects. Safe to call twice. */
  close(): Promise<void>;
}

interface Entry {
  line: string;
  seq: number;
  isDecision: boolean;
  resolve: () => void;
  reject: (error: MassgenError) => void;
}

export interface LogWriterOptions {
  /** Real time, whatever the run's clock is. */
  clock: Pick<Clock, 'after'>;
  file: LogFile;
  /** The log's path, inside the run's folder. */
  path: string;
  fence: Fence;
  /** Bytes and events that the file holds already. */
  size: number;
  seq: number;
}

/** How long streamed text is gathered. A write for every piece of it would cost more than to read it from the network. */
const GATHER_MS = 25;

/**
 * Group commit: all lines queued while a batch is being written form the next batch, which takes one write and at
 * most one flush. Lines of streamed text alone wait a moment for more of them, or for a decision. A batch with decisions is written only while the epoch file names this writer, and confirmed only
 * if it still does afterwards: an adopter first takes the epoch file and then copies the log, so whatever is
 * confirmed here is in its copy. After the first failure the half-written batch is cut off and nothing more is written.
 */
export function createLogWriter({ clock, file, path, fence, ...start }: LogWriterOptions): LogWriter {
  const dir = dirname(path);
  let queue: Entry[] = [];
  let size = start.size;
  let savedSeq = start.seq;
  let failure: MassgenError | null = null;
  let running: Promise<void> | null = null;
  let closing: Promise<void> | null = null;
  /** Ends the wait for more text. */
  let hurry = (): void => undefined;

  /** Throws unless this writer may still write and its file is still the one in the folder. */
  const checkFence = async (): Promise<void> => {
    const now = await readFence(dir);
    if (now === null) throw gone();
    if (now.epoch !== fence.epoch || now.token !== fence.token) throw adoptedElsewhere(path, savedSeq);
    if ((await file.stat()).nlink === 0) throw gone();
  };

  const commit = async (batch: readonly Entry[]): Promise<void> => {
    const isDecision = batch.some((entry) => entry.isDecision);
    if (isDecision) await checkFence();
    const bytes = Buffer.from(batch.map((entry) => entry.line).join(''), 'utf8');
    await writeFully(file, bytes, size);
    if (isDecision) {
      await file.datasync();
      await checkFence();
    }
    size += bytes.length;
    savedSeq = batch.at(-1)?.seq ?? savedSeq;
  };

  const fail = async (error: unknown, batch: readonly Entry[]): Promise<void> => {
    const reason = isLogError(error) ? error : unwritable(path, savedSeq, error);
    failure = reason;
    // After an adoption the file belongs to somebody else's past; before it, a torn line is ours to cut.
    if (reason.code !== 'run-adopted') await file.truncate(size).catch(() => undefined);
    for (const entry of [...batch, ...queue]) entry.reject(reason);
    queue = [];
  };

  /** Resolves when enough text may have come together, or something came that cannot wait. */
  const gather = (): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(GATHER_MS, resolve);
      hurry = () => {
        cancel();
        resolve();
      };
    });

  const pump = async (): Promise<void> => {
    await Promise.resolve();
    while (queue.length > 0) {
      if (!closing && !queue.some((entry) => entry.isDecision)) await gather();
      const batch = queue;
      queue = [];
      try {
        await commit(batch);
        for (const entry of batch) entry.resolve();
      } catch (error) {
        await fail(error, batch);
      }
    }
    running = null;
  };

  return {
    write: (line, seq, isDecision) => {
      const committed = new Promise<void>((resolve, reject) => {
        if (failure) return reject(failure);
        if (closing) return reject(logClosed(path));
        queue.push({ line, seq, isDecision, resolve, reject });
        running ??= pump();
        if (isDecision) hurry();
      });
      committed.catch(() => undefined);
      return committed;
    },
    close: () => {
      closing ??= (async () => {
        hurry();
        await running;
        await file.close().catch(() => undefined);
      })();
      return closing;
    },
  };
}

/** The error that the system would give if it looked a removed file up again. */
function gone(): Error {
  return Object.assign(new Error('the file was removed'), { code: 'ENOENT' });
}

function isLogError(error: unknown): error is MassgenError {
  return error instanceof Error && error.name === 'MassgenError';
}

async function writeFully(file: LogFile, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' });
    done += bytesWritten;
  }
}
