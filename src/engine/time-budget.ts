import { markEvent, WARNINGS } from '../coordination/budget.ts';
import type { Alias, EventDraft } from '../events/event.ts';
import type { Clock } from '../platform/clock.ts';

/** A limit in seconds, of the run or of one agent. */
export interface TimeLimit {
  alias: Alias | null;
  limitSeconds: number;
  /** Time used up before. */
  usedMs: number;
  /** The highest mark told so far, in percent. */
  mark: number;
}

/**
 * Tells, as events to record, when 50, 80, 95 and 100 percent of the time are used; marks that were told before are
 * not told again. Time that is over already is told at once, though not before this returns. Returns the way to stop.
 */
export function watchTime(clock: Clock, limit: TimeLimit, tell: (event: EventDraft) => void): () => void {
  const { alias, limitSeconds, usedMs, mark } = limit;
  const cancels = ([...WARNINGS, 100] as const).flatMap((percent) => {
    const leftMs = limitSeconds * 10 * percent - usedMs;
    if (percent <= mark || (leftMs <= 0 && percent < 100)) return [];
    return clock.after(Math.max(0, Math.ceil(leftMs)), () => {
      const used = (limitSeconds * percent) / 100;
      tell(markEvent(alias, { resource: 'seconds', used, limit: limitSeconds }, percent));
    });
  });
  return () => {
    for (const cancel of cancels) cancel();
  };
}
