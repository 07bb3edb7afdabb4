import { closeSync, constants, openSync, write as fsWrite, writeSync } from 'node:fs';
import type { Clock } from '../../platform/clock.ts';

/** Where frames go: one at a time, never blocking the event loop. */
export interface FrameWriter {
  readonly isBusy: boolean;
  /** Sends a frame. Must not be called while busy. */
  write(frame: string): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /**
   * Blocks for a moment if a frame is under way: it may still wait in the thread pool, and must not come out after the
   * terminal was given back. What the terminal did not take by then is dropped. For ways out on which nothing can be
   * awaited.
   */
  settleSync(): void;
  /** Writes nothing more; what is under way may still finish. */
  close(): void;
}

interface Output {
  fd?: number;
  isTTY?: boolean;
  write(text: string, callback: () => void): unknown;
}

const RETRY_MS = 5;
const SETTLE_MS = 50;
/** How often, and how long each time, `writeAllSync` waits for a terminal that takes nothing. */
const SYNC_TRIES = 60;
const SYNC_WAIT_MS = 5;

/**
 * A writer for a terminal. Node writes to a terminal synchronously, so a stalled one would stop everything: frames go
 * through the thread pool instead, on a descriptor of our own that never blocks, so that no thread hangs in a terminal
 * that takes nothing and the process can always end. Anything that is no real terminal gets them by `write`.
 * `onIdle` is called after every frame that went out; `onError` once when the terminal is gone.
 */
export function createFrameWriter(
  output: Output,
  clock: Clock,
  on: { idle: () => void; error: (error: Error) => void },
): FrameWriter {
  const fd = output.isTTY === true && output.fd !== undefined ? openOwn(output.fd) : null;
  let isBusy = false;
  let isClosed = false;
  /** What is under way is not to be continued. */
  let isDropped = false;
  let waiting: (() => void)[] = [];

  const finish = (): void => {
    isBusy = false;
    isDropped = false;
    for (const resolve of waiting) resolve();
    waiting = [];
    if (isClosed) release();
    else on.idle();
  };
  const release = (): void => {
    if (fd !== null && fd !== output.fd) closeSync(fd);
  };
  const fail = (error: Error): void => {
    isClosed = true;
    finish();
    on.error(error);
  };
  const writeOn = (target: number, buffer: Buffer, offset: number): void => {
    fsWrite(target, buffer, offset, buffer.length - offset, null, (error, written) => {
      if (isDropped || (isClosed && error)) finish();
      else if (error?.code === 'EAGAIN' || error?.code === 'EINTR') {
        clock.after(RETRY_MS, () => (isDropped || isClosed ? finish() : writeOn(target, buffer, offset)));
      } else if (error) fail(error);
      else if (offset + written < buffer.length && !isClosed) writeOn(target, buffer, offset + written);
      else finish();
    });
  };

  return {
    get isBusy() {
      return isBusy;
    },
    write: (frame) => {
      if (isClosed) return;
      isBusy = true;
      if (fd === null) output.write(frame, finish);
      else writeOn(fd, Buffer.from(frame, 'utf8'), 0);
    },
    idle: () => (isBusy ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
    settleSync: () => {
      if (!isBusy || fd === null) return;
      isDropped = true;
      pauseSync(SETTLE_MS);
    },
    close: () => {
      if (isClosed) return;
      isClosed = true;
      if (!isBusy) release();
    },
  };
}

/**
 * Writes at once and returns when all of it is out, or when the terminal has taken nothing for 0.3 s, or is gone.
 * Never throws, and never hangs where the system gives out a descriptor that does not block.
 */
export function writeAllSync(fd: number, text: string): void {
  const own = openOwn(fd);
  let rest = Buffer.from(text, 'utf8');
  try {
    for (let tries = 0; rest.length > 0 && tries < SYNC_TRIES; tries++) {
      try {
        rest = rest.subarray(writeSync(own, rest));
        tries = 0;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
        pauseSync(SYNC_WAIT_MS);
      }
    }
  } finally {
    if (own !== fd) closeSync(own);
  }
}

function pauseSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/**
 * A description of our own: stdout's stays as blocking as it is, since other programs share it. stdout itself where
 * there is none to be had.
 */
function openOwn(fd: number): number {
  try {
    return openSync(`/dev/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return fd;
  }
}
