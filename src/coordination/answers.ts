import type { AnswerLabel, EventOf } from '../events/event.ts';
import { changeAgent } from './change.ts';
import type { AnswerVersion, Ballot, RunState } from './state.ts';
import { voidBallots } from './step-in.ts';
import { currentAnswers } from './views.ts';

/** A new answer of an agent; ballots that had not seen it are void. */
export function submitAnswer(state: RunState, event: EventOf<'answer.submitted'>): RunState {
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
    ...(event.data.summary !== undefined && { summary: event.data.summary }),
  };
  const answered = changeAgent(state, event, (agent) => ({ ...agent, answers: [...agent.answers, answer] }));
  // A new answer changes what there is to choose from, so every ballot cast before it is void.
  return voidBallots(answered, answer.label);
}

/** The agent's ballot; void at once where it has not seen every current answer. */
export function castBallot(state: RunState, event: EventOf<'ballot.cast'>): RunState {
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
  return currentAnswers(state).find(({ label }) => !view.includes(label))?.label ?? null;
}
