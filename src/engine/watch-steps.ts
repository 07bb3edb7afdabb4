import type { LimitStep } from '../coordination/time-limits.ts';
import type { Clock } from '../platform/clock.ts';

/** Tells every step when its time has come; steps that are over already at once, though not before this returns. Returns the way to stop. */
export function watchSteps(
  clock: Clock,
  steps: readonly LimitStep[],
  usedMs: number,
  tell: (step: LimitStep) => void,
): () => void {
  const cancels = steps.map((step) => clock.after(Math.max(0, step.afterMs - usedMs), () => tell(step)));
  return () => {
    for (const cancel of cancels) cancel();
  };
}
