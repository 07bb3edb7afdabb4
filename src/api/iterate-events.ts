import type { RunEvent } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';

/**
 * Every event of a run from the first one on, in order, whenever the iteration begins. Ends with the run; throws when
 * its log could not be written. Leaving the loop early does not stop the run.
 */
export async function* iterateEvents(handle: RunHandle): AsyncGenerator<RunEvent, void> {
  let waiting: RunEvent[] = [];
  let isOver = false;
  let wake = (): void => undefined;
  const stop = handle.subscribe((event) => {
    waiting.push(event);
    wake();
  });
  const onEnd = (): void => {
    isOver = true;
    wake();
  };
  handle.ended.then(onEnd, onEnd);
  try {
    while (waiting.length > 0 || !isOver) {
      const batch = waiting;
      waiting = [];
      yield* batch;
      if (waiting.length === 0 && !isOver) await new Promise<void>((resolve) => (wake = resolve));
    }
    await handle.ended;
  } finally {
    stop();
  }
}
