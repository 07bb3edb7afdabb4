import type { EventDraft, EventOf } from '../events/event.ts';
import { NO_USAGE } from '../events/usage.ts';
import type { AgentState, LeftTurn, OpenTurn, RunState } from './state.ts';
import { agentsOf } from './views.ts';

/** The agent in a turn that begins. Where one of its kind was cut off, what counts against its limits counts on. */
export function openTurn(agent: AgentState, { seq, at, data }: EventOf<'turn.started'>): AgentState {
  const { turn, kind, view } = data;
  const left = agent.left?.kind === kind ? agent.left : null;
  const open: OpenTurn = {
    turn,
    kind,
    seq,
    startedAt: at,
    view,
    updates: left?.updates ?? 0,
    request: null,
    atLeast: null,
    retryAt: null,
    tools: {},
    refusals: left?.refusals ?? 0,
    refusedRound: left?.refusedRound ?? 0,
    isInterrupted: false,
    limit: null,
    rounds: left?.rounds ?? 0,
  };
  return { ...agent, turns: agent.turns + 1, turn: open, left: null };
}

/** What a turn that is cut off leaves to the one that goes on with it; without one, what an earlier one has left. */
export function leftBy({ turn: open, left }: AgentState): LeftTurn | null {
  if (!open) return left;
  const { turn, kind, updates, refusals, refusedRound, rounds, request, atLeast } = open;
  return { turn, kind, updates, refusals, refusedRound, rounds, request, atLeast };
}

const CUT_OFF = 'The program ended during this call, so nobody knows all that it used.';

/**
 * What is to be recorded, right after `run.resumed`, for model calls that a process has left open: nobody will hear how
 * they ended, but they have begun, so at least what was sent is paid for.
 */
export function cutCalls(state: RunState): EventDraft[] {
  return agentsOf(state).flatMap(({ info, left }): EventDraft[] => {
    if (!left || left.request === null || !info.isModel) return [];
    const { turn, request, atLeast } = left;
    const { input, costUsd } = atLeast ?? { input: 0, costUsd: null };
    const usage = { ...NO_USAGE, input };
    const error = { kind: 'aborted' as const, message: CUT_OFF };
    // What costs nothing is known to the cent.
    const isFree = costUsd === 0 && input > 0;
    const data = { turn, request, error, usage, costUsd, ...(!isFree && { isCut: true as const }), retryInMs: null };
    return [{ type: 'request.failed', agent: info.alias, data }];
  });
}
