import type { Clock } from '../platform/clock.ts';

/** Proxies and clients give up on a stream that is silent for a minute or two. */
const SILENCE_MS = 15_000;

/** A response body that is written over time. */
export interface EventStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Does nothing once the stream has ended or its reader has gone. */
  write(text: string): void;
  end(): void;
}

/**
 * A body of server-sent events. A comment is sent after every 15 seconds without one, so that nobody takes the silence
 * of thinking models for a dead connection. `onGone` is called when the reader goes away before the end.
 */
export function createEventStream(clock: Clock, onGone: () => void): EventStream {
  const encoder = new TextEncoder();
  let isOpen = true;
  let sink: ReadableStreamDefaultController<Uint8Array> | null = null;
  let stopTimer = (): void => undefined;

  const write = (text: string): void => {
    if (!isOpen || text === '') return;
    sink?.enqueue(encoder.encode(text));
    stopTimer();
    stopTimer = clock.after(SILENCE_MS, () => write(': the run goes on\n\n'));
  };
  const close = (): boolean => {
    const wasOpen = isOpen;
    isOpen = false;
    stopTimer();
    return wasOpen;
  };

  const body = new ReadableStream<Uint8Array>({
    start: (controller) => void (sink = controller),
    cancel: () => {
      if (close()) onGone();
    },
  });
  return {
    body,
    write,
    end: () => {
      if (close()) sink?.close();
    },
  };
}
