import type { Dispatcher, RunTrial } from './dispatcher.ts';

/** Runs trials side by side in this process. */
export function createInProcessDispatcher(runTrial: RunTrial, concurrency: number): Dispatcher {
  return {
    async run(next, onRecord, signal) {
      const stop = new AbortController();
      const end = AbortSignal.any([signal, stop.signal]);
      const lane = async (): Promise<void> => {
        for (let trial = next(); trial && !end.aborted; trial = next()) {
          const record = await runTrial(trial, end).catch((error: unknown) => {
            if (end.aborted) return null;
            throw error;
          });
          if (record && !end.aborted) await onRecord(record);
        }
      };
      const lanes = Array.from({ length: concurrency }, () =>
        lane().catch((error: unknown) => {
          stop.abort();
          throw error;
        }),
      );
      const ended = await Promise.allSettled(lanes);
      const failed = ended.find((each) => each.status === 'rejected');
      if (failed) throw failed.reason as Error;
    },
    close: () => Promise.resolve(),
  };
}
