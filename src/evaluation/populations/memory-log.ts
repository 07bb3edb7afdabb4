import type { RunEvent } from '../../events/event.ts';
import type { Clock } from '../../platform/clock.ts';
import type { RunLog } from '../../runlog/run-log.ts';

/** A log that nobody reads again: thousands of simulated runs need no files. */
export function createMemoryLog(clock: Clock, runId: string): RunLog {
  let seq = 0;
  let attempt = 1;
  return {
    runId,
    dir: '/',
    epoch: 1,
    append: (draft) => {
      seq += 1;
      const event = { v: 1, seq, at: clock.now(), run: runId, attempt, epoch: 1, ...draft } as RunEvent;
      return { event, committed: Promise.resolve() };
    },
    releaseHeld: () => [],
    beginAttempt: (next) => {
      attempt = next;
    },
    close: () => Promise.resolve(),
  };
}
