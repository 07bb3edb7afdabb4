import type { Alias, EventOf } from '../events/event.ts';
import { addCost, addUsage, NO_COST, NO_USAGE, usdText } from '../events/usage.ts';
import { changeAgent } from './change.ts';
import { spend } from './spending.ts';
import type { NestedRun, RunState } from './state.ts';

/** Folds what a run has used that an agent has started by a tool: the agent pays for it, and its limits hold. */
export function applyNested(state: RunState, event: EventOf<'nested.counted'>): RunState {
  const { run, dir, usage, costUsd, isWhole } = event.data;
  const alias: Alias = event.agent ?? '';
  const known = state.nested.find((each) => each.dir === dir);
  const before: NestedRun = known ?? { run, dir, alias, usage: NO_USAGE, cost: NO_COST };
  const after = { ...before, usage: addUsage(before.usage, usage), cost: addCost(before.cost, costUsd, isWhole) };
  const nested = known ? state.nested.map((each) => (each === known ? after : each)) : [...state.nested, after];
  const paid = changeAgent({ ...state, nested }, event, (agent) => ({
    ...agent,
    usage: addUsage(agent.usage, usage),
    cost: addCost(agent.cost, costUsd, isWhole),
  }));
  return spend(paid, 'nested', usage, costUsd, isWhole);
}

/** The same in words, for people. */
export function nestedText({ run, usage, costUsd, isWhole }: EventOf<'nested.counted'>['data']): string {
  const known = `${usdText(costUsd)}${isWhole ? '' : ' or more'}`;
  const money = !isWhole && costUsd < 0.00005 ? 'an unknown amount' : known;
  return `has used ${usage.input + usage.output} tokens and ${money} in the run ${run}, which it has started`;
}
