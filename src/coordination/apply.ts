import type { Alias, AnswerLabel, EventOf, RunEvent, TurnKind } from '../events/event.ts';
import { addCost, addUsage } from '../events/usage.ts';
import { spend } from './spending.ts';
import { castBallot, submitAnswer } from './answers.ts';
import { applyChanges } from './apply-changes.ts';
import { beginAttempt, beginRun } from './begin.ts';
import { applyAction, labelActions } from './actions.ts';
import { applyAsk, closeAsks } from './asks.ts';
import { applyBudget } from './budget.ts';
import { changeAgent, changeTurn, withAgents } from './change.ts';
import { applyGrade } from './grades.ts';
import { applyNested } from './nested.ts';
import { leftBy, openTurn } from './open-turn.ts';
import { applyPreparation } from './preparation.ts';
import { applySubagent, settleCall } from './subagents.ts';
import type { AgentState, RunState, SpendingPhase } from './state.ts';
import { applyDelivery, applyUserVote, applyVeto, endHanding, handBack } from './step-in.ts';
import { applyTimeLimit } from './time-limits.ts';
import { isWhole, spendInTurn } from './turn-spending.ts';

/**
 * Folds one event into the state. Pure: the old state is not changed, and the same events give the same state.
 * The first event must be `run.started`; events of types that this version does not know change nothing.
 */
export function applyEvent(state: RunState | null, event: RunEvent): RunState {
  if (event.type === 'run.started') return beginRun(event);
  if (!state) throw new Error(`a log begins with run.started, not with ${event.type}`);
  // What the user does with the answer after the end is no part of the run's time.
  const isAfter = state.end !== null && event.type !== 'run.resumed';
  const updatedAt = isAfter ? state.updatedAt : event.at;
  if (event.type === 'text.appended' || event.type === 'reasoning.appended') return applyDelta(state, event, updatedAt);
  const next = { ...state, seq: event.seq, updatedAt };
  if (event.type === 'run.resumed') {
    next.rests = [...state.rests, { until: event.at, ms: Math.max(0, event.at - state.updatedAt) }];
  }
  return applyToRun(next, event);
}

/** True for a run with an outcome that nobody can go on from; a cancelled one can be taken up again. */
export function isOver(state: RunState): boolean {
  return state.end !== null && state.end.outcome !== 'cancelled';
}

type Delta = EventOf<'text.appended' | 'reasoning.appended'>;

/** Streamed text is by far the most of all events: everything is copied once for it. */
function applyDelta(state: RunState, event: Delta, updatedAt: number): RunState {
  const { seq, at, agent: alias } = event;
  const agent = alias === undefined ? undefined : state.agents[alias];
  if (!agent) return { ...state, seq, updatedAt };
  const streamedChars = agent.streamedChars + event.data.text.length;
  const changed = { ...agent, streamedChars, lastActivityAt: at };
  return { ...state, seq, updatedAt, agents: { ...state.agents, [agent.info.alias]: changed } };
}

function applyToRun(state: RunState, event: Exclude<RunEvent, Delta>): RunState {
  switch (event.type) {
    case 'run.started':
      throw new Error('a log holds run.started once');
    case 'run.resumed':
      // A presenter that was cut off by a crash has presented nothing, so it may begin again.
      // Whoever goes on with a run that was cancelled takes that back. A time limit that was reached stays reached.
      return withAgents(
        {
          ...closeAsks(handBack(state), () => false),
          hasPresenter: state.final !== null,
          hasEvaluator: state.evaluation !== null,
          isCancelled: false,
          preparing: [],
          changeStep: null,
          end: isOver(state) ? state.end : null,
        },
        (agent) => ({
          ...agent,
          left: leftBy(agent),
          turn: null,
          workedMs: workedUntil(agent, agent.lastActivityAt),
        }),
      );
    case 'run.cancelled':
      return { ...state, isCancelled: true };
    case 'deadline.reached':
      // The time that the user takes to look at the changes is not the run's.
      return state.hasProposed ? state : { ...state, isDeadlineReached: true };
    case 'preparation.started':
    case 'preparation.finished':
      return applyPreparation(state, event);
    case 'deadline.neared':
    case 'turn.limited':
      return applyTimeLimit(state, event);
    case 'budget.warned':
    case 'budget.reached':
      return applyBudget(state, event);
    case 'budget.unpriced':
      return { ...state, isUnpriced: true };
    case 'drafting.closed':
      return { ...state, isClosed: true };
    case 'message.sent':
      return { ...state, notes: [...state.notes, { ...event.data, at: event.at, pending: event.data.to }] };
    case 'message.delivered':
      return applyDelivery(state, event);
    case 'vote.added':
      return applyUserVote(state, event);
    case 'answer.vetoed':
      return applyVeto(state, event);
    case 'vote.overridden':
      return { ...state, override: event.data.label };
    case 'run.finished':
      return { ...state, end: event.data };
    case 'winner.chosen':
      return { ...state, winner: event.data };
    case 'answer.presented':
      return { ...state, final: { ...event.data, at: event.at } };
    case 'answer.evaluated':
      return { ...state, evaluation: event.data };
    case 'attempt.started':
      return beginAttempt(state, event);
    case 'answer.submitted':
      return labelActions(submitAnswer(state, event), event.agent ?? '', event.data.label);
    case 'ballot.cast':
      return castBallot(state, event);
    case 'request.finished':
      return spend(
        changeAgent(spendInTurn(state, event.agent, event.data), event, endRequest(event.data, null, true)),
        phaseOf(state, event.agent),
        event.data.usage,
        event.data.costUsd,
        isWhole(event.data),
      );
    case 'request.failed': {
      const retryAt = event.data.retryInMs === null ? null : event.at + event.data.retryInMs;
      return spend(
        changeAgent(spendInTurn(state, event.agent, event.data), event, endRequest(event.data, retryAt, false)),
        phaseOf(state, event.agent),
        event.data.usage,
        event.data.costUsd,
        isWhole(event.data),
      );
    }
    case 'turn.started':
      return changeAgent(noteRole(state, event.data.kind), event, (agent) => openTurn(agent, event));
    case 'turn.interrupted':
      return changeTurn(state, event, (turn) => ({ ...turn, isInterrupted: true }));
    case 'turn.finished':
      return changeAgent(
        closeAsks(state, (turn) => turn !== event.data.turn),
        event,
        (agent) => ({
          ...agent,
          // A run that was cancelled can be taken up again, and its turns go on then.
          left: state.isCancelled && event.data.outcome === 'aborted' ? leftBy(agent) : null,
          turn: null,
          workedMs: workedUntil(agent, event.at),
        }),
      );
    case 'update.delivered':
      return changeTurn(state, event, (turn) => ({ ...turn, view: event.data.view, updates: turn.updates + 1 }));
    case 'request.delayed':
      return changeTurn(state, event, (turn) => ({ ...turn, retryAt: event.at + event.data.ms }));
    case 'model.switched':
      return changeAgent(state, event, (agent) => ({
        ...agent,
        info: { ...agent.info, model: event.data.to },
        switches: agent.switches + 1,
      }));
    case 'request.started':
      return changeTurn(
        changeAgent(state, event, (agent) => ({ ...agent, requests: agent.requests + 1 })),
        event,
        (turn) => ({
          ...turn,
          request: event.data.request,
          atLeast: event.data.atLeast ?? null,
          retryAt: null,
        }),
      );
    case 'tool.started':
      return changeTurn(
        changeAgent({ ...state, toolCalls: state.toolCalls + 1 }, event, (agent) => ({
          ...agent,
          toolCalls: agent.toolCalls + 1,
        })),
        event,
        (turn) => ({ ...turn, tools: { ...turn.tools, [event.data.call.id]: event.data.call.name } }),
      );
    case 'tool.finished':
      return changeAgent(
        changeTurn(state, event, (turn) => {
          const { [event.data.callId]: _, ...tools } = turn.tools;
          return { ...turn, tools };
        }),
        event,
        (agent) => settleCall(agent, event.data.callId),
      );
    case 'call.refused':
      // A reply with several refused calls is one refusal.
      return changeTurn(state, event, (turn) =>
        turn.refusedRound === turn.rounds ? turn : { ...turn, refusals: turn.refusals + 1, refusedRound: turn.rounds },
      );
    case 'approval.requested':
    case 'approval.decided':
    case 'risk.judged':
    case 'question.asked':
    case 'question.answered':
      return applyAsk(state, event);
    case 'subagent.started':
    case 'subagent.worked':
    case 'subagent.finished':
      return applySubagent(state, event);
    case 'nested.counted':
      return applyNested(state, event);
    case 'action.proposed':
    case 'action.begun':
    case 'action.ended':
    case 'actions.left':
      return applyAction(state, event);
    case 'plan.changed':
      return changeAgent(state, event, (agent) => ({ ...agent, plan: event.data.tasks }));
    case 'changes.begun':
    case 'changes.proposed':
    case 'changes.decided':
    case 'changes.applied':
    case 'changes.undone':
      return applyChanges(state, event);
    case 'answer.rated':
      return { ...state, rating: event.data.rating };
    case 'answer.graded':
      return applyGrade(state, event);
    case 'agent.failed':
      return changeAgent(state, event, (agent) => ({ ...agent, standing: 'failed', trouble: event.data.error }));
    case 'agent.abstained':
      return changeAgent(state, event, (agent) => ({
        ...agent,
        standing: 'abstained',
        trouble: { kind: 'abstained', message: event.data.reason },
      }));
    case 'tools.prepared':
    case 'snapshot.taken':
    case 'snapshot.restored':
    case 'tool.progressed':
    case 'tool.released':
    case 'builtin.used':
    case 'builtin.returned':
    case 'source.cited':
    case 'hook.finished':
    case 'file.received':
      return changeAgent(state, event, (agent) => agent);
    case 'context.added':
      return changeAgent(endHanding(state, event.agent), event, (agent) => ({
        ...agent,
        seen: seenBy(agent, event.data.isReset),
      }));
    default:
      event satisfies never;
      return state;
  }
}

/** Presenting and evaluating are done at most once per attempt. */
function noteRole(state: RunState, kind: TurnKind): RunState {
  if (kind === 'present') return { ...state, hasPresenter: true };
  return kind === 'evaluate' ? { ...state, hasEvaluator: true } : state;
}

function endRequest(
  call: Pick<EventOf<'request.failed'>['data'], 'usage' | 'costUsd' | 'unpriced' | 'isCut'>,
  retryAt: number | null,
  isReply: boolean,
): (agent: AgentState) => AgentState {
  return (agent) => ({
    ...agent,
    usage: addUsage(agent.usage, call.usage),
    cost: addCost(agent.cost, call.costUsd, isWhole(call)),
    left: agent.left && { ...agent.left, request: null },
    turn: agent.turn && { ...agent.turn, request: null, retryAt, rounds: agent.turn.rounds + (isReply ? 1 : 0) },
  });
}

/** Calls are made in turns only; one that a crash has left open is told of after its turn. */
function phaseOf(state: RunState, alias: Alias | undefined): SpendingPhase {
  const agent = state.agents[alias ?? ''];
  return agent?.turn?.kind ?? agent?.left?.kind ?? 'draft';
}

/** What the conversation holds once the messages of the open turn are in it. */
function seenBy({ seen, turn }: AgentState, isReset: boolean): AnswerLabel[] {
  const view = turn?.view ?? [];
  return isReset ? view : [...seen, ...view.filter((label) => !seen.includes(label))];
}

/** Time in turns, in milliseconds, with the open one up to `at`. */
function workedUntil(agent: AgentState, at: number): number {
  return agent.workedMs + (agent.turn ? Math.max(0, at - agent.turn.startedAt) : 0);
}

/** Folds a whole log. Null for an empty one. */
export function foldEvents(events: Iterable<RunEvent>): RunState | null {
  let state: RunState | null = null;
  for (const event of events) state = applyEvent(state, event);
  return state;
}
