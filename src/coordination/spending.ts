import { addCost, addUsage, NO_COST, NO_USAGE, type Usage } from '../events/usage.ts';
import type { RunState, SpendingPhase } from './state.ts';

/** In the order in which a run comes to them. */
export const SPENDING_PHASES: readonly SpendingPhase[] = [
  'preparation',
  'solo',
  'draft',
  'judge',
  'subagent',
  'nested',
  'question',
  'risk',
  'present',
  'evaluate',
];

/** Adds one call to the run and to its phase, so that the phases together are always the run. */
export function spend(
  state: RunState,
  phase: SpendingPhase,
  usage: Usage,
  costUsd: number | null,
  isWhole = true,
): RunState {
  const before = state.phases[phase] ?? { usage: NO_USAGE, cost: NO_COST };
  const after = { usage: addUsage(before.usage, usage), cost: addCost(before.cost, costUsd, isWhole) };
  return {
    ...state,
    usage: addUsage(state.usage, usage),
    cost: addCost(state.cost, costUsd, isWhole),
    phases: { ...state.phases, [phase]: after },
  };
}
