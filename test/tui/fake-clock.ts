import type { Clock } from '../../src/platform/clock.ts';

export interface FakeClock extends Clock {
  /** Lets time pass; timers fire in order, at their time. */
  advance(ms: number): void;
  /** Timers that wait. */
  readonly pending: number;
}

/** Time that passes only when a test says so. */
export function createFakeClock(start = 1_000_000): FakeClock {
  let now = start;
  let nextId = 1;
  const timers = new Map<number, { at: number; callback: () => void }>();
  const after = (ms: number, callback: () => void): (() => void) => {
    const id = nextId++;
    timers.set(id, { at: now + ms, callback });
    return () => void timers.delete(id);
  };
  return {
    now: () => now,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    busy: () => () => undefined,
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const due = [...timers].filter(([, t]) => t.at <= end).toSorted(([a, x], [b, y]) => x.at - y.at || a - b)[0];
        if (!due) break;
        timers.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].callback();
      }
      now = end;
    },
    get pending() {
      return timers.size;
    },
  };
}
