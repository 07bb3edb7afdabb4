import { EXIT, MassgenError } from '../platform/errors.ts';

/** A stream to print to. Nothing that happens to it throws or stays unhandled. */
export interface Output {
  /** Queues text; does nothing once the reader is gone. */
  write(text: string): void;
  /** Resolves when all queued text is handed over, or the reader is gone. Never rejects. */
  flush(): Promise<void>;
  /**
   * Throws a MassgenError (exit code 2) when text was lost for another reason than a reader that went away: a full
   * disk, a broken device. `place` says where the text is all the same.
   */
  check(place: string): void;
  /** Resolves when the reader is gone (`head` has seen enough, the terminal was closed); else never. */
  readonly broken: Promise<void>;
}

/** Codes of a reader that went away, which is its right. */
const GONE: ReadonlySet<string> = new Set([
  'EPIPE',
  'ECONNRESET',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/**
 * Writes no faster than the reader reads: after a full buffer it waits for `drain`. An error of the stream
 * (EPIPE, EIO) ends the output quietly. The stream is not closed, since it is the process's own.
 */
export function createOutput(stream: NodeJS.WritableStream): Output {
  let queue: string[] = [];
  let isBroken = false;
  let lossCode: string | null = null;
  let isWriting = false;
  let waiters: (() => void)[] = [];
  let reportBroken = (): void => undefined;
  const broken = new Promise<void>((resolve) => (reportBroken = resolve));

  const settle = (): void => {
    const done = waiters;
    waiters = [];
    for (const resolve of done) resolve();
  };

  const breakOff = (error?: unknown): void => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    if (!isBroken && code !== null && !GONE.has(code)) lossCode = code;
    isBroken = true;
    queue = [];
    reportBroken();
    settle();
  };

  const next = (): void => {
    if (isBroken || isWriting) return;
    if (queue.length === 0) return settle();
    const text = queue.join('');
    queue = [];
    isWriting = true;
    try {
      // The callback comes when the text has left the process's own buffer, which is also after `drain`.
      stream.write(text, (error) => {
        isWriting = false;
        if (error) breakOff(error);
        else next();
      });
    } catch (error) {
      breakOff(error);
    }
  };

  // Stays for good: a pipe may report its broken end long after the last write.
  stream.on('error', breakOff);
  stream.on('close', () => breakOff());

  return {
    write: (text) => {
      if (isBroken || text === '') return;
      queue.push(text);
      next();
    },
    flush: () =>
      new Promise((resolve) => {
        if (isBroken || (queue.length === 0 && !isWriting)) return resolve();
        waiters.push(resolve);
      }),
    check: (place) => {
      if (lossCode === null) return;
      throw new MassgenError(
        'output-failed',
        `The output could not be written (${lossCode}); ${place}. Check where it was to go.`,
        { exitCode: EXIT.execution },
      );
    },
    broken,
  };
}
