import type { EventDraft, EventOf } from '../events/event.ts';
import type { Command } from '../events/run-handle.ts';
import { NO_USAGE, addCost, addUsage } from '../events/usage.ts';
import { spend } from './spending.ts';
import { changeAgent } from './change.ts';
import type { AskedQuestion, RunState } from './state.ts';

type AskEvent = EventOf<
  'approval.requested' | 'approval.decided' | 'risk.judged' | 'question.asked' | 'question.answered'
>;
type AnswerCommand = Extract<Command, { type: 'decide' | 'reply' | 'decline' }>;

/** Folds what agents ask, and what they are told. */
export function applyAsk(state: RunState, event: AskEvent): RunState {
  switch (event.type) {
    case 'approval.requested': {
      if (event.agent === undefined) return state;
      return { ...state, approvals: [...state.approvals, { ...event.data, alias: event.agent, at: event.at }] };
    }
    case 'approval.decided':
      return { ...state, approvals: state.approvals.filter(({ request }) => request !== event.data.request) };
    case 'risk.judged': {
      const { usage, costUsd } = event.data;
      const paid = changeAgent(state, event, (agent) => ({
        ...agent,
        usage: addUsage(agent.usage, usage),
        cost: addCost(agent.cost, costUsd),
      }));
      return spend(paid, 'risk', usage, costUsd);
    }
    case 'question.asked': {
      if (event.agent === undefined) return state;
      const waiting = { ...event.data, alias: event.agent, at: event.at, waitsFor: event.data.to };
      // What a server asks of a model is no question between agents.
      if (event.data.server !== undefined) return { ...state, questions: [...state.questions, waiting] };
      const { question, subagent, to, text, isDetached = false } = event.data;
      const who = { alias: event.agent, ...(subagent !== undefined && { subagent }) };
      const asked = { question, ...who, to, text, isDetached, answers: [], untold: [] };
      return { ...state, questions: [...state.questions, waiting], asked: [...state.asked, asked] };
    }
    case 'question.answered':
      return answered(state, event);
  }
}

/** An agent that answers another one's question pays for it. */
function answered(before: RunState, event: EventOf<'question.answered'>): RunState {
  const { question, by, usage, costUsd } = event.data;
  const state = { ...before, asked: before.asked.map((each) => withAnswer(before, each, event)) };
  const questions = state.questions
    .map((each) =>
      each.question === question ? { ...each, waitsFor: each.waitsFor.filter((who) => who !== by) } : each,
    )
    .filter(({ waitsFor }) => waitsFor.length > 0);
  if (!state.agents[by]) return { ...state, questions };
  const paid = changeAgent(state, { ...event, agent: by }, (agent) => ({
    ...agent,
    usage: addUsage(agent.usage, usage),
    cost: addCost(agent.cost, costUsd),
  }));
  return { ...spend(paid, 'question', usage, costUsd), questions };
}

/** Whoever was answered for is to hear of it, and so is an asker that did not wait, once everybody has answered. */
function withAnswer(state: RunState, asked: AskedQuestion, { data }: EventOf<'question.answered'>): AskedQuestion {
  if (asked.question !== data.question) return asked;
  const { by, outcome, choices, text, reason } = data;
  const answers = [...asked.answers, { by, outcome, choices, text, reason }];
  const isWhole = asked.isDetached && answers.length >= asked.to.length;
  const untold = [
    ...asked.untold,
    ...(state.agents[by] && outcome === 'answered' ? [by] : []),
    ...(isWhole ? [asked.alias] : []),
  ];
  return { ...asked, answers, untold };
}

/** Nobody waits any more for what was asked in a turn that is over. */
export function closeAsks(state: RunState, isOpen: (turn: string) => boolean): RunState {
  const approvals = state.approvals.filter(({ turn }) => isOpen(turn));
  const questions = state.questions.filter(({ turn }) => isOpen(turn));
  return { ...state, approvals, questions };
}

/** What is to be recorded for an answer to something that was asked; nothing where it comes too late. Pure. */
export function answerEvents(state: RunState, command: AnswerCommand): EventDraft[] {
  if (command.type === 'decide') {
    const waiting = state.approvals.find(({ request }) => request === command.request);
    if (!waiting) return [];
    const { alias, at: _, detail: _detail, diff: _diff, editable, ...call } = waiting;
    const { isAllowed, by, reason, edited = '' } = command;
    const isEdited = isAllowed && editable === true && edited.trim() !== '' && edited !== call.target;
    // What was written for one call is no leave for others.
    const scope = isEdited ? 'once' : command.scope;
    const data = { ...call, isAllowed, scope, by, reason, ...(isEdited && { edited }) };
    return [{ type: 'approval.decided', agent: alias, data }];
  }
  const waiting = state.questions.find(({ question }) => question === command.question);
  if (!waiting?.waitsFor.includes('user')) return [];
  const { question, alias } = waiting;
  const said =
    command.type === 'reply'
      ? { outcome: 'answered' as const, choices: command.choices, text: command.text, reason: '' }
      : { outcome: command.outcome, choices: [], text: '', reason: command.reason };
  const data = {
    question,
    by: 'user' as const,
    through: command.by ?? ('user' as const),
    ...said,
    usage: NO_USAGE,
    costUsd: 0,
  };
  return [{ type: 'question.answered', agent: alias, data }];
}
