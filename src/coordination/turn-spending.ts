import type { Alias } from '../events/event.ts';
import { addCost, addUsage, NO_COST, NO_USAGE, type Usage } from '../events/usage.ts';
import type { RunState, TurnSpending } from './state.ts';

/** False for a call that cost more than its `costUsd`, as far as that is known. */
export function isWhole({ unpriced, isCut }: { unpriced?: string[]; isCut?: true }): boolean {
  return unpriced === undefined && isCut === undefined;
}

/** Adds one call of an agent's open turn, or of the one that was cut off, to what that turn used; oldest turn first. */
export function spendInTurn(
  state: RunState,
  alias: Alias | undefined,
  call: { turn: string; usage: Usage; costUsd: number | null; unpriced?: string[]; isCut?: true },
): RunState {
  const agent = state.agents[alias ?? ''];
  const kind = agent?.turn?.kind ?? agent?.left?.kind;
  if (alias === undefined || kind === undefined) return state;
  const at = state.turnSpending.findLastIndex(({ turn }) => turn === call.turn);
  const before = state.turnSpending[at] ?? {
    turn: call.turn,
    alias,
    kind,
    attempt: state.attempt,
    requests: 0,
    usage: NO_USAGE,
    cost: NO_COST,
  };
  const after: TurnSpending = {
    ...before,
    requests: before.requests + 1,
    usage: addUsage(before.usage, call.usage),
    cost: addCost(before.cost, call.costUsd, isWhole(call)),
  };
  const turnSpending = at < 0 ? [...state.turnSpending, after] : state.turnSpending.with(at, after);
  return { ...state, turnSpending };
}
