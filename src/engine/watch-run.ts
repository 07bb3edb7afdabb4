import { runSteps } from '../coordination/time-limits.ts';
import type { EventDraft } from '../events/event.ts';
import type { CoordinationSettings } from '../events/settings.ts';
import type { Clock } from '../platform/clock.ts';
import { watchTime } from './time-budget.ts';
import { watchSteps } from './watch-steps.ts';

/**
 * Tells, as events to record, when the run's time limit comes near and is over, and when marks of its budget of time are
 * reached; `spentMs` is what it has worked before. Returns the way to stop.
 */
export function watchRun(
  clock: Clock,
  rules: CoordinationSettings,
  spentMs: number,
  tell: (event: EventDraft) => void,
): () => void {
  const { timeoutMs, limits } = rules;
  const timers = [
    watchSteps(clock, runSteps(rules), spentMs, ({ stage, afterMs }) => {
      const leftMs = (timeoutMs ?? afterMs) - afterMs;
      if (stage !== 'stopped') tell({ type: 'deadline.neared', data: { stage, leftMs } });
    }),
  ];
  if (timeoutMs !== null) {
    const onDeadline = (): void => tell({ type: 'deadline.reached', data: { limitMs: timeoutMs } });
    timers.push(clock.after(Math.max(0, timeoutMs - spentMs), onDeadline));
  }
  // A run that is taken up again may tell a mark twice; the fold does not mind.
  if (limits.seconds !== null)
    timers.push(watchTime(clock, { alias: null, limitSeconds: limits.seconds, usedMs: spentMs, mark: 0 }, tell));
  return () => {
    for (const stop of timers) stop();
  };
}
