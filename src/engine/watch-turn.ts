import type { RunState } from '../coordination/state.ts';
import { roundSteps } from '../coordination/time-limits.ts';
import { agentOf } from '../coordination/views.ts';
import type { Alias, EventDraft, TurnKind } from '../events/event.ts';
import type { Clock } from '../platform/clock.ts';
import { watchTime } from './time-budget.ts';
import { watchSteps } from './watch-steps.ts';

/** Watches how long one turn takes, and its agent's own limit in seconds meanwhile. Returns the way to stop. */
export function watchTurn(
  { clock, state, record }: { clock: Clock; state: RunState; record: (event: EventDraft) => void },
  { alias, turn, kind }: { alias: Alias; turn: string; kind: TurnKind },
): () => void {
  const steps = roundSteps(state.settings, kind);
  const limitMs = steps[0]?.afterMs ?? 0;
  const stopRound = watchSteps(clock, steps, 0, ({ stage }) =>
    record({ type: 'turn.limited', agent: alias, data: { turn, stage, limitMs } }),
  );
  const { info, workedMs } = agentOf(state, alias);
  const limitSeconds = info.limits?.seconds ?? null;
  if (limitSeconds === null) return stopRound;
  const mark = state.budgetMarks[`${alias}/seconds`] ?? 0;
  const stopOwn = watchTime(clock, { alias, limitSeconds, usedMs: workedMs, mark }, record);
  return () => {
    stopRound();
    stopOwn();
  };
}
