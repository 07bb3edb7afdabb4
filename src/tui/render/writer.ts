import { closeSync, openSync, write as fsWrite } from 'node:fs';
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
   * terminal was given back. For ways out on which nothing can be awaited.
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

/**
 * A writer for a terminal. Node writes to a terminal synchronously, so a stalled one would stop everything: frames go
 * through the thread pool instead, on a descriptor of our own. Anything that is no real terminal gets them by `write`.
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
  let waiting: (() => void)[] = [];

  const finish = (): void => {
    isBusy = false;
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
      if (error?.code === 'EAGAIN' || error?.code === 'EINTR') {
        clock.after(RETRY_MS, () => writeOn(target, buffer, offset));
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
      if (isBusy && fd !== null) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLE_MS);
    },
    close: () => {
      if (isClosed) return;
      isClosed = true;
      if (!isBusy) release();
    },
  };
}

/** A description of our own, so that the blocking mode of stdout does not matter; stdout itself where there is none. */
function openOwn(fd: number): number {
  try {
    return openSync(`/dev/fd/${fd}`, 'w');
  } catch {
    return fd;
  }
}
