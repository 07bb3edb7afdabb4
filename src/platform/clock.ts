/**
 * Time, injected. `Date.now`, `setTimeout` and `performance.now` are used nowhere else.
 */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `callback` once after `ms`, never before it returns. Returns the way to cancel it. */
  after(ms: number, callback: () => void): () => void;
  /**
   * Tells the clock that work is under way until the returned function is called. A paced clock lets time pass
   * only while no work is under way, which makes a run of built-in agents repeatable; a real clock ignores it.
   */
  busy(): () => void;
  /**
   * Tells a paced clock that the busy section which calls it waits for a person until the returned function is called:
   * time passes meanwhile. Where nobody but the person is at work it passes no faster than in the real world, so that no
   * time limit is over before the person could act. Absent where time passes anyway.
   */
  attend?(): () => void;
}

/** Node's timers fire at once beyond this; nobody waits for three weeks. */
const MAX_TIMER_MS = 2_147_483_647;

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
        const timer = setTimeout(
          () => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
          Math.min(ms, MAX_TIMER_MS),
        );
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    after: (ms, callback) => {
      // Node's shortest timer is 1 ms long, a third of what a key waits for its picture.
      if (ms <= 0) {
        const next = setImmediate(callback);
        return () => clearImmediate(next);
      }
      const timer = setTimeout(callback, Math.min(ms, MAX_TIMER_MS));
      return () => clearTimeout(timer);
    },
    busy: () => () => undefined,
  };
}
