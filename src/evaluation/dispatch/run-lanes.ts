/**
 * Does one task after the other in each of `concurrency` lanes, as long as `take` gives one. The first task that rejects
 * ends the others by their signal, and its reason is the result. What rejects because `signal` was aborted is passed over.
 */
export async function runLanes<T>(
  concurrency: number,
  signal: AbortSignal,
  take: () => T | null,
  work: (task: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const end = AbortSignal.any([signal, stop.signal]);
  const lane = async (): Promise<void> => {
    while (!end.aborted) {
      const task = take();
      if (task === null) return;
      try {
        await work(task, end);
      } catch (error) {
        if (end.aborted) return;
        stop.abort();
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: concurrency }, lane));
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason as Error;
}
