import type { Alias, AnswerLabel, EventOf, RunEvent } from '../events/event.ts';
import { addCost, addUsage, NO_COST, NO_USAGE } from '../events/usage.ts';
import type { Usage } from '../events/usage.ts';
import type { AgentState, AnswerVersion, Ballot, OpenTurn, RunState } from './state.ts';

/**
 * Folds one event into the state. Pure: the old state is not changed, and the same events give the same state.
 * The first event must be `run.started`; events of types that this version does not know change nothing.
 */
export function applyEvent(state: RunState | null, event: RunEvent): RunState {
  if (event.type === 'run.started') return begin(event);
  if (!state) throw new Error(`a log begins with run.started, not with ${event.type}`);
  return applyToRun({ ...state, seq: event.seq, updatedAt: event.at }, event);
}

/** True for a run with an outcome that nobody can go on from; a cancelled one can be taken up again. */
export function isOver(state: RunState): boolean {
  return state.end !== null && state.end.outcome !== 'cancelled';
}

function begin(event: EventOf<'run.started'>): RunState {
  const { agents, question, team, settings, seed } = event.data;
  return {
    run: event.run,
    question,
    team,
    settings,
    seed,
    startedAt: event.at,
    updatedAt: event.at,
    seq: event.seq,
    order: agents.map((agent) => agent.alias),
    agents: Object.fromEntries(
      agents.map((info): [Alias, AgentState] => [
        info.alias,
        {
          info,
          standing: 'active',
          trouble: null,
          turn: null,
          turns: 0,
          answers: [],
          ballot: null,
          requests: 0,
          usage: NO_USAGE,
          cost: NO_COST,
          streamedChars: 0,
          lastActivityAt: event.at,
        },
      ]),
    ),
    ballots: [],
    winner: null,
    final: null,
    hasPresenter: false,
    isDeadlineReached: false,
    isCancelled: false,
    end: null,
    usage: NO_USAGE,
    cost: NO_COST,
  };
}

function applyToRun(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'run.started':
      throw new Error('a log holds run.started once');
    case 'run.resumed':
      // A presenter that was cut off by a crash has presented nothing, so it may begin again.
      // Whoever goes on with a run that was cancelled takes that back. A time limit that was reached stays reached.
      return withAgents(
        { ...state, hasPresenter: state.final !== null, isCancelled: false, end: isOver(state) ? state.end : null },
        (agent) => ({ ...agent, turn: null }),
      );
    case 'run.cancelled':
      return { ...state, isCancelled: true };
    case 'deadline.reached':
      return { ...state, isDeadlineReached: true };
    case 'run.finished':
      return { ...state, end: event.data };
    case 'winner.chosen':
      return { ...state, winner: event.data };
    case 'answer.presented':
      return { ...state, final: { ...event.data, at: event.at } };
    case 'answer.submitted':
      return submit(state, event);
    case 'ballot.cast':
      return cast(state, event);
    case 'request.finished':
      return spend(
        changeAgent(state, event, endRequest(event.data.usage, event.data.costUsd, null, true)),
        event.data.usage,
        event.data.costUsd,
      );
    case 'request.failed': {
      const retryAt = event.data.retryInMs === null ? null : event.at + event.data.retryInMs;
      return spend(
        changeAgent(state, event, endRequest(event.data.usage, event.data.costUsd, retryAt, false)),
        event.data.usage,
        event.data.costUsd,
      );
    }
    case 'turn.started':
      return changeAgent(event.data.kind === 'present' ? { ...state, hasPresenter: true } : state, event, (agent) => ({
        ...agent,
        turns: agent.turns + 1,
        turn: {
          turn: event.data.turn,
          kind: event.data.kind,
          seq: event.seq,
          startedAt: event.at,
          view: event.data.view,
          request: null,
          retryAt: null,
          tools: {},
          refusals: 0,
          refusedRound: 0,
          isInterrupted: false,
          rounds: 0,
        },
      }));
    case 'turn.interrupted':
      return changeTurn(state, event, (turn) => ({ ...turn, isInterrupted: true }));
    case 'turn.finished':
      return changeAgent(state, event, (agent) => ({ ...agent, turn: null }));
    case 'update.delivered':
      return changeTurn(state, event, (turn) => ({ ...turn, view: event.data.view }));
    case 'request.started':
      return changeTurn(
        changeAgent(state, event, (agent) => ({ ...agent, requests: agent.requests + 1 })),
        event,
        (turn) => ({ ...turn, request: event.data.request, retryAt: null }),
      );
    case 'text.appended':
    case 'reasoning.appended':
      return changeAgent(state, event, (agent) => ({
        ...agent,
        streamedChars: agent.streamedChars + event.data.text.length,
      }));
    case 'tool.started':
      return changeTurn(state, event, (turn) => ({
        ...turn,
        tools: { ...turn.tools, [event.data.call.id]: event.data.call.name },
      }));
    case 'tool.finished':
      return changeTurn(state, event, (turn) => {
        const { [event.data.callId]: _, ...tools } = turn.tools;
        return { ...turn, tools };
      });
    case 'call.refused':
      // A reply with several refused calls is one refusal.
      return changeTurn(state, event, (turn) =>
        turn.refusedRound === turn.rounds ? turn : { ...turn, refusals: turn.refusals + 1, refusedRound: turn.rounds },
      );
    case 'agent.failed':
      return changeAgent(state, event, (agent) => ({ ...agent, standing: 'failed', trouble: event.data.error }));
    case 'agent.abstained':
      return changeAgent(state, event, (agent) => ({
        ...agent,
        standing: 'abstained',
        trouble: { kind: 'abstained', message: event.data.reason },
      }));
    case 'context.added':
      return changeAgent(state, event, (agent) => agent);
    default:
      event satisfies never;
      return state;
  }
}

function withAgents(state: RunState, change: (agent: AgentState) => AgentState): RunState {
  return {
    ...state,
    agents: Object.fromEntries(Object.entries(state.agents).map(([alias, agent]) => [alias, change(agent)])),
  };
}

/** Changes the agent that the event is about and notes that it was active. */
function changeAgent(state: RunState, event: RunEvent, change: (agent: AgentState) => AgentState): RunState {
  const agent = event.agent === undefined ? undefined : state.agents[event.agent];
  if (!agent) return state;
  const changed = { ...change(agent), lastActivityAt: event.at };
  return { ...state, agents: { ...state.agents, [agent.info.alias]: changed } };
}

function changeTurn(state: RunState, event: RunEvent, change: (turn: OpenTurn) => OpenTurn): RunState {
  return changeAgent(state, event, (agent) => (agent.turn ? { ...agent, turn: change(agent.turn) } : agent));
}

function endRequest(
  usage: Usage,
  costUsd: number | null,
  retryAt: number | null,
  isReply: boolean,
): (agent: AgentState) => AgentState {
  return (agent) => ({
    ...agent,
    usage: addUsage(agent.usage, usage),
    cost: addCost(agent.cost, costUsd),
    turn: agent.turn && { ...agent.turn, request: null, retryAt, rounds: agent.turn.rounds + (isReply ? 1 : 0) },
  });
}

function spend(state: RunState, usage: Usage, costUsd: number | null): RunState {
  return { ...state, usage: addUsage(state.usage, usage), cost: addCost(state.cost, costUsd) };
}

function submit(state: RunState, event: EventOf<'answer.submitted'>): RunState {
  const alias = event.agent;
  const author = alias === undefined ? undefined : state.agents[alias];
  if (alias === undefined || !author) return state;
  const answer: AnswerVersion = {
    label: event.data.label,
    alias,
    text: event.data.text,
    source: event.data.source,
    isCut: event.data.isCut,
    seq: event.seq,
    at: event.at,
    tokens: author.usage.input + author.usage.output,
  };
  const answered = changeAgent(state, event, (agent) => ({ ...agent, answers: [...agent.answers, answer] }));
  return voidBallots(answered, answer.label);
}

/** A new answer changes what there is to choose from, so every ballot cast before it is void. */
function voidBallots(state: RunState, by: AnswerLabel): RunState {
  const mark = (ballot: Ballot): Ballot => (ballot.voidedBy === null ? { ...ballot, voidedBy: by } : ballot);
  return {
    ...withAgents(state, (agent) => (agent.ballot ? { ...agent, ballot: mark(agent.ballot) } : agent)),
    ballots: state.ballots.map(mark),
  };
}

function cast(state: RunState, event: EventOf<'ballot.cast'>): RunState {
  const voter = event.agent;
  if (voter === undefined) return state;
  const { ballot: id, choice, ranking, reason, view } = event.data;
  const ballot: Ballot = {
    id,
    voter,
    choice,
    ranking,
    reason,
    view,
    seq: event.seq,
    at: event.at,
    voidedBy: unseenAnswer(state, view),
  };
  const kept = { ...state, ballots: [...state.ballots, ballot] };
  return changeAgent(kept, event, (agent) => ({ ...agent, ballot }));
}

/** A current answer that is missing in the view; null when the view is up to date. */
function unseenAnswer(state: RunState, view: readonly AnswerLabel[]): AnswerLabel | null {
  const seen = new Set(view);
  for (const alias of state.order) {
    const label = state.agents[alias]?.answers.at(-1)?.label;
    if (label !== undefined && !seen.has(label)) return label;
  }
  return null;
}

/** Folds a whole log. Null for an empty one. */
export function foldEvents(events: Iterable<RunEvent>): RunState | null {
  let state: RunState | null = null;
  for (const event of events) state = applyEvent(state, event);
  return state;
}
