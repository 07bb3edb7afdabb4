import type { RunEvent } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';

/**
 * Follows a run to its end. When the signal is aborted the run is cancelled, and the signal's reason is the result once it
 * has ended. `onEvent` is told every event, as by `RunHandle.subscribe`.
 */
export async function followToEnd(
  handle: RunHandle,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const stop = handle.subscribe(onEvent);
  const cancel = (): void => handle.send({ type: 'cancel', by: 'caller' });
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    await handle.ended;
  } finally {
    stop();
    signal.removeEventListener('abort', cancel);
  }
  signal.throwIfAborted();
}
