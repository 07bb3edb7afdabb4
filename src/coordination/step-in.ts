import type { AnswerLabel, EventDraft, EventOf } from '../events/event.ts';
import type { Command } from '../events/run-handle.ts';
import { answerEvents } from './asks.ts';
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
  if (command.type === 'review') {
    const { changes } = state;
    if (changes?.state !== 'proposed') return [];
    const paths = changes.files.map((file) => file.path).filter((path) => command.paths.includes(path));
    return [{ type: 'changes.decided', data: { label: changes.label, paths, by: 'user', comment: command.comment } }];
  }
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

/** Folds a delivered message, or what came of a question: its receiver no longer waits for it. */
export function applyDelivery(state: RunState, event: EventOf<'message.delivered'>): RunState {
  const alias = event.agent ?? '';
  const notes = state.notes.map((note) =>
    note.message === event.data.message ? { ...note, pending: note.pending.filter((each) => each !== alias) } : note,
  );
  const asked = state.asked.map((each) =>
    each.question === event.data.message ? { ...each, untold: each.untold.filter((who) => who !== alias) } : each,
  );
  return { ...state, notes, asked };
}
