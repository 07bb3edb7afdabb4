/**
 * Time, injected. `Date.now`, `setTimeout` and `performance.now` are used nowhere else.
 */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `callback` once after `ms`. Returns the way to cancel it. */
  after(ms: number, callback: () => void): () => void;
  /**
   * Tells the clock that work is under way until the returned function is called. A paced clock lets time pass
   * only while no work is under way, which makes a run of built-in agents repeatable; a real clock ignores it.
   */
  busy(): () => void;
}

/** The wall clock. */
export function createRealClock(): Clock {
  return {
    now: () => Date.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const onAbort = (): void => {
          clearTimeout(timer);
          reject(signal?.reason as Error);
        };
        const timer = setTimeout(() => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        }, ms);
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    busy: () => () => undefined,
  };
}
