import { goesOn, type UnfinishedTurn } from '../agents/unfinished-turn.ts';
import type { Effect } from '../coordination/decide.ts';
import { isWorkflowCall } from '../coordination/protocol.ts';
import type { RunState } from '../coordination/state.ts';
import { agentsOf, isCutShort } from '../coordination/views.ts';
import type { Alias } from '../events/event.ts';

type StartedTurn = Extract<Effect, { do: 'start-turn' }>;

/**
 * Turns that only hand in what was paid for before a crash: the reply is in the log, nothing has come of it yet, and a
 * budget that it has used up, or the end of the run's time, would let no further turn of its agent begin. Pure.
 */
export function lateReplies(state: RunState, unfinished: ReadonlyMap<Alias, UnfinishedTurn>): StartedTurn[] {
  if (state.final || state.end) return [];
  return agentsOf(state).flatMap((agent): StartedTurn[] => {
    const { alias } = agent.info;
    const left = unfinished.get(alias);
    if (!left?.reply || agent.standing !== 'active' || agent.turn) return [];
    if (agent.spent === null && !isCutShort(state)) return [];
    // Tools are not begun any more, and once there is a winner only its presentation counts.
    if (!left.reply.message.calls.every(isWorkflowCall)) return [];
    if (left.kind === 'evaluate' || (left.kind === 'present') !== (state.winner !== null)) return [];
    const { kind, view } = left;
    return goesOn(left, kind, view) ? [{ do: 'start-turn', alias, kind, view: [...view] }] : [];
  });
}
