import type { RunState } from '../coordination/state.ts';
import { agentsOf } from '../coordination/views.ts';
import { usdText, type Cost } from '../events/usage.ts';

/** `45.3s`. */
export function seconds(ms: number): string {
  return `${(Math.max(0, ms) / 1000).toFixed(1)}s`;
}

/** `1 ballot`, `3 ballots`, `12,345 tokens`; no locale has a say in it. */
export function count(n: number, noun: string): string {
  const digits = String(n).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return `${digits} ${noun}${n === 1 ? '' : 's'}`;
}

/** `$0.0123`, `at least $0.0123` when a price is missing, `cost unknown` when all are; null where no model is called. */
export function money(cost: Cost | null): string {
  if (cost === null) return 'no model is called';
  if (!cost.isComplete && cost.usd === 0) return 'cost unknown';
  // What is less than something may be more than it where a part of it is not known.
  if (!cost.isComplete && cost.usd < 0.00005) return 'more than $0';
  return cost.isComplete ? usdText(cost.usd) : `at least ${usdText(cost.usd)}`;
}

/** What the run has cost so far; a team without a model costs nothing, which is said in words. */
export function runCost(state: RunState): string {
  return agentsOf(state).every((agent) => !agent.info.isModel) ? 'no model is called' : money(state.cost);
}
