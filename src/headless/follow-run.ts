import { applyEvent } from '../coordination/apply.ts';
import type { RunState } from '../coordination/state.ts';
import type { RunEvent } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';

/**
 * Calls `listener` with every event of a run and the state after it. Resolves with the last state once the run has
 * ended (null if nothing happened in it); rejects as `handle.ended` does, when the log could not be written.
 */
export async function followRun(
  handle: RunHandle,
  listener: (event: RunEvent, state: RunState) => void,
): Promise<RunState | null> {
  let state: RunState | null = null;
  const stop = handle.subscribe((event) => {
    state = applyEvent(state, event);
    listener(event, state);
  });
  try {
    await handle.ended;
    return state;
  } finally {
    stop();
  }
}

/** Where printers print. */
export interface Streams {
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
}
