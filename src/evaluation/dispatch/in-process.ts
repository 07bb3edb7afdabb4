import type { Dispatcher, RunTrial } from './dispatcher.ts';
import { runLanes } from './run-lanes.ts';

/** Runs trials side by side in this process. */
export function createInProcessDispatcher(runTrial: RunTrial, concurrency: number): Dispatcher {
  return {
    run: (next, onRecord, signal) =>
      runLanes(concurrency, signal, next, async (trial, end) => {
        const record = await runTrial(trial, end);
        if (!end.aborted) await onRecord(record);
      }),
    close: () => Promise.resolve(),
  };
}
