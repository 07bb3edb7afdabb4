import type { Alias, AnswerLabel, EventDraft, EventOf } from '../events/event.ts';
import type { Command } from '../events/run-handle.ts';
import { answerEvents } from './asks.ts';
import { reviewEvents, sendBackEvents } from './file-changes.ts';
import type { Ballot, RunState } from './state.ts';
import { withAgents } from './change.ts';
import { currentAnswers } from './views.ts';

/** The voter's name on the user's own ballot. No agent can have it. */
export const USER = 'user';

/**
 * What is to be recorded for something that the user, or a program, asks for; nothing where it comes too late or names
 * what is not there. `id` is a new name for a message. Pure.
 */
export function commandEvents(state: RunState, command: Command, id: string): EventDraft[] {
  if (command.type === 'rate') {
    const label = state.winner?.label;
    if (!state.final || label === undefined || state.rating === command.rating) return [];
    return [{ type: 'answer.rated', data: { label, rating: command.rating } }];
  }
  if (state.end || state.isCancelled) return [];
  if (command.type === 'decide' || command.type === 'reply' || command.type === 'decline') {
    return answerEvents(state, command);
  }
  if (command.type === 'review') return reviewEvents(state, command);
  if (command.type === 'send-back') return sendBackEvents(state, command.comment);
  if (command.type === 'cancel') return [{ type: 'run.cancelled', data: { by: command.by } }];
  if (command.type === 'message') {
    const to = state.order.filter((alias) => command.to === 'all' || command.to.includes(alias));
    const text = command.text.trim();
    return to.length === 0 || text === '' ? [] : [{ type: 'message.sent', data: { message: id, to, text } }];
  }
  if (command.type === 'answer-now') {
    return state.isClosed || state.final ? [] : [{ type: 'drafting.closed', data: { by: command.by } }];
  }
  const view = currentAnswers(state).map((answer) => answer.label);
  if (state.winner || state.override !== null || !view.includes(command.label)) return [];
  switch (command.type) {
    case 'vote':
      return [{ type: 'vote.added', data: { choice: command.label, view } }];
    case 'veto':
      return [{ type: 'answer.vetoed', data: { label: command.label, reason: command.reason } }];
    case 'override':
      return [{ type: 'vote.overridden', data: { label: command.label } }];
  }
}

/** Folds the user's own ballot. */
export function applyUserVote(state: RunState, event: EventOf<'vote.added'>): RunState {
  const { choice, view } = event.data;
  const ballot: Ballot = {
    id: `ballot-${USER}-${event.seq}`,
    voter: USER,
    choice,
    ranking: [choice],
    reason: '',
    view,
    seq: event.seq,
    at: event.at,
    voidedBy: currentAnswers(state).find(({ label }) => !view.includes(label))?.label ?? null,
  };
  return { ...state, userBallot: ballot, ballots: [...state.ballots, ballot] };
}

/** Folds a veto: whoever voted for the answer is asked again; the other ballots stay. */
export function applyVeto(state: RunState, { data }: EventOf<'answer.vetoed'>): RunState {
  const vetoed = { ...state, vetoes: { ...state.vetoes, [data.label]: data.reason } };
  return voidBallots(vetoed, data.label, (ballot) => ballot.choice === data.label);
}

/** Marks the ballots of which `isConcerned` is true, and which still counted, as void because of that answer. */
export function voidBallots(
  state: RunState,
  by: AnswerLabel,
  isConcerned: (ballot: Ballot) => boolean = () => true,
): RunState {
  const mark = (ballot: Ballot): Ballot =>
    ballot.voidedBy === null && isConcerned(ballot) ? { ...ballot, voidedBy: by } : ballot;
  return {
    ...withAgents(state, (agent) => (agent.ballot ? { ...agent, ballot: mark(agent.ballot) } : agent)),
    userBallot: state.userBallot && mark(state.userBallot),
    ballots: state.ballots.map(mark),
  };
}

/**
 * Folds a delivered message, or what came of a question or a part: its receiver no longer waits for it. It has it only
 * with the context that follows.
 */
export function applyDelivery(state: RunState, event: EventOf<'message.delivered'>): RunState {
  const handing = { message: event.data.message, alias: event.agent ?? '' };
  return { ...markTold(state, handing, true), handing: [...state.handing, handing] };
}

/** What was handed to the agent is in its conversation now. */
export function endHanding(state: RunState, alias: Alias | undefined): RunState {
  if (state.handing.every((each) => each.alias !== alias)) return state;
  return { ...state, handing: state.handing.filter((each) => each.alias !== alias) };
}

/** What a crash has kept from its receivers is delivered once more. */
export function handBack(state: RunState): RunState {
  return { ...state.handing.reduce((before, each) => markTold(before, each, false), state), handing: [] };
}

function markTold(state: RunState, { message, alias }: RunState['handing'][number], isTold: boolean): RunState {
  const marked = (waiting: Alias[]): Alias[] => [
    ...waiting.filter((each) => each !== alias),
    ...(isTold ? [] : [alias]),
  ];
  const notes = state.notes.map((note) =>
    note.message === message ? { ...note, pending: marked(note.pending) } : note,
  );
  const asked = state.asked.map((each) =>
    each.question === message ? { ...each, untold: marked(each.untold) } : each,
  );
  const agent = state.agents[alias];
  if (!agent?.subagents.some(({ name }) => name === message)) return { ...state, notes, asked };
  const subagents = agent.subagents.map((each) => (each.name === message ? { ...each, isUntold: !isTold } : each));
  return { ...state, notes, asked, agents: { ...state.agents, [alias]: { ...agent, subagents } } };
}
