import type { EventOf } from '../events/event.ts';
import type { AgentState, LeftTurn, OpenTurn } from './state.ts';

const NOTHING_LEFT: Omit<LeftTurn, 'kind'> = { updates: 0, refusals: 0, refusedRound: 0, rounds: 0 };

/** The agent in a turn that begins. Where one of its kind was cut off, what counts against its limits counts on. */
export function openTurn(agent: AgentState, { seq, at, data }: EventOf<'turn.started'>): AgentState {
  const { turn, kind, view } = data;
  const counts = agent.left?.kind === kind ? agent.left : NOTHING_LEFT;
  const open: OpenTurn = {
    ...counts,
    turn,
    kind,
    seq,
    startedAt: at,
    view,
    request: null,
    retryAt: null,
    tools: {},
    isInterrupted: false,
    limit: null,
  };
  return { ...agent, turns: agent.turns + 1, turn: open, left: null };
}

/** What a turn that is cut off leaves to the one that goes on with it; without one, what an earlier one has left. */
export function leftBy({ turn, left }: AgentState): LeftTurn | null {
  if (!turn) return left;
  const { kind, updates, refusals, refusedRound, rounds } = turn;
  return { kind, updates, refusals, refusedRound, rounds };
}
