import type { Clock } from './clock.ts';

export interface PacedClockOptions {
  /** What `now()` says before any time has passed. */
  startAt: number;
  /** Virtual milliseconds per real one; `Infinity` does not wait at all. */
  speed: number;
  /** Where the waiting is really done. */
  real: Clock;
}

interface Entry {
  due: number;
  /** Somebody is at work and sleeps; a timer waits for nobody. */
  isSleep: boolean;
  release: () => void;
}

/** How much lateness is made up for afterwards. Timers are always a little late; a suspended process is very late. */
const MAX_CATCH_UP_MS = 100;
/** System timers overflow at 2^31 ms; a longer wait is cut into pieces. */
const MAX_REAL_WAIT_MS = 3_600_000;

/**
 * Virtual time for runs in which every agent is built in, so that a run is repeatable whatever the machine does.
 *
 * - `sleep` and `after` wait in one queue, ordered by virtual due time and, where that is equal, by who came first.
 * - Time stands still while work is under way (`busy`). Once nothing is busy, and nothing became busy while the
 *   pending microtasks ran, the first entry of the queue is released after `gap / speed` real milliseconds; the next
 *   one only when all is idle again. So exactly one sleeper is awake at a time, in the same order at every speed.
 * - `now()` is the virtual time of the last release; it does not move in between.
 * - `sleep` is called from inside a busy section only. It gives that section's hold back until it ends, by time or by
 *   abort, because a turn that sleeps is not working. (With no hold taken it simply waits in the queue; while somebody
 *   else is busy it would let time pass under their hands.) A section that ends before its sleep does aborts the sleep.
 * - A callback of `after` is work for as long as it runs, and no longer: what it starts must call `busy` itself.
 *
 * What stops time: a busy section that waits for something other than `sleep`, for ever. Waiting for a file is fine;
 * waiting for an abort that only another entry of this queue would cause is a deadlock, so that is written as a long
 * `sleep` with the signal. What starves the queue: entries that re-add themselves with no delay, as in any event
 * loop. An entry that is not finite is never due. Work that goes on in two busy sections at once runs in the order in
 * which the system finishes it; repeatable runs keep the order of what they *decide* independent of that.
 *
 * Throws a RangeError when the speed is not above zero.
 */
export function createPacedClock({ startAt, speed, real }: PacedClockOptions): Clock {
  if (!(speed > 0)) throw new RangeError(`a clock cannot run at speed ${speed}`);

  const queue: Entry[] = [];
  let virtualNow = startAt;
  /** When, in real time, the last release should have happened. */
  let anchor = real.now();
  let holds = 0;
  /** Sections that wait for a person. */
  let attended = 0;
  let isSettling = false;
  let stopWaiting: (() => void) | null = null;

  /** Looks again once all microtasks and finished system calls have run. */
  const settle = (): void => {
    if (isSettling) return;
    isSettling = true;
    setImmediate(() => {
      isSettling = false;
      advance();
    });
  };

  const advance = (): void => {
    stopWaiting?.();
    stopWaiting = null;
    const next = queue[0];
    if (holds > 0 || next === undefined || next.due === Infinity) return;
    const isIdle = attended > 0 && !queue.some(({ isSleep, due }) => isSleep && due !== Infinity);
    const gap = (next.due - virtualNow) / (isIdle ? Math.min(speed, 1) : speed);
    const ideal = anchor + gap;
    // The system's clock may be set back; nobody waits longer than the gap for that.
    const wait = Math.min(ideal - real.now(), gap);
    if (wait > 0) {
      stopWaiting = real.after(Math.min(wait, MAX_REAL_WAIT_MS), settle);
      return;
    }
    queue.shift();
    virtualNow = next.due;
    anchor = Math.max(ideal, real.now() - MAX_CATCH_UP_MS);
    next.release();
    settle();
  };

  const enqueue = (ms: number, isSleep: boolean, release: () => void): Entry => {
    const entry = { due: virtualNow + (ms > 0 ? ms : 0), isSleep, release };
    queue.splice(queue.findLastIndex((other) => other.due <= entry.due) + 1, 0, entry);
    settle();
    return entry;
  };

  const remove = (entry: Entry): void => {
    const index = queue.indexOf(entry);
    if (index < 0) return;
    queue.splice(index, 1);
    settle();
  };

  const busy = (): (() => void) => {
    let isHeld = true;
    holds += 1;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      holds -= 1;
      settle();
    };
  };

  return {
    now: () => virtualNow,
    busy,
    attend: () => {
      const lent = holds > 0 ? 1 : 0;
      let isAway = true;
      holds -= lent;
      attended += 1;
      settle();
      return () => {
        if (!isAway) return;
        isAway = false;
        attended -= 1;
        holds += lent;
        settle();
      };
    },
    after: (ms, callback) => {
      const entry = enqueue(ms, false, () => {
        const done = busy();
        try {
          callback();
        } finally {
          done();
        }
      });
      return () => remove(entry);
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const lent = holds > 0 ? 1 : 0;
        holds -= lent;
        const onAbort = (): void => {
          holds += lent;
          remove(entry);
          reject(signal?.reason as Error);
        };
        const entry = enqueue(ms, true, () => {
          holds += lent;
          signal?.removeEventListener('abort', onAbort);
          resolve();
        });
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
  };
}
