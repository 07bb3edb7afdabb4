import type { Alias, AnswerLabel, EventDraft, EventOf } from '../events/event.ts';
import type { PlannedAction } from '../events/planned-action.ts';
import { usedToolBudget, limitText } from './budget.ts';
import type { ActionState, AgentState, RunState } from './state.ts';
import { agentOf } from './views.ts';

type ActionEvent = EventOf<'action.proposed' | 'action.begun' | 'action.ended' | 'actions.left'>;

/** Folds what agents would do, and what was done of it. */
export function applyAction(state: RunState, event: ActionEvent): RunState {
  if (event.type === 'actions.left') return { ...state, hasToldLeft: true };
  const alias = event.agent ?? '';
  const { key } = event.data;
  if (event.type === 'action.proposed') {
    const { tool, args } = event.data;
    const isKnown = state.actions.some((each) => each.alias === alias && each.key === key);
    const added: ActionState = { key, tool, args, alias, label: null, stage: 'proposed' };
    return isKnown ? state : { ...state, actions: [...state.actions, added] };
  }
  const stage = event.type === 'action.begun' ? 'begun' : event.data.isError ? 'failed' : 'done';
  return {
    ...state,
    actions: state.actions.map((each) => (each.alias === alias && each.key === key ? { ...each, stage } : each)),
  };
}

/** What an agent has proposed since its last answer is a part of this one. */
export function labelActions(state: RunState, alias: Alias, label: AnswerLabel): RunState {
  if (!state.actions.some((each) => each.alias === alias && each.label === null)) return state;
  return {
    ...state,
    actions: state.actions.map((each) => (each.alias === alias && each.label === null ? { ...each, label } : each)),
  };
}

/** What is to be done if this answer wins: all that its author had proposed when it handed it in, oldest first. */
export function actionsOf(state: RunState, label: AnswerLabel): ActionState[] {
  const [alias, version] = partsOf(label);
  return state.actions.filter((each) => {
    const [owner, proposed] = partsOf(each.label ?? '');
    return each.label !== null && owner === alias && proposed <= version;
  });
}

/** What is to be recorded of planned actions before the run ends; null where none is left, or it was said. Pure. */
export function leftActions(state: RunState): EventDraft | null {
  const { winner, hasToldLeft } = state;
  if (state.settings.planning === null || !winner || hasToldLeft) return null;
  const left = actionsOf(state, winner.label).filter(({ stage }) => stage === 'proposed' || stage === 'begun');
  const [first] = left;
  if (!first) return null;
  const actions = left.map(({ tool, args, stage }) => ({ tool, args, isBegun: stage === 'begun' }));
  const data = { label: winner.label, actions, reason: whyLeft(state, agentOf(state, first.alias)) };
  return { type: 'actions.left', agent: first.alias, data };
}

function whyLeft(state: RunState, winner: AgentState): string {
  const spent = state.spent ?? winner.spent;
  if (state.isDeadlineReached) return 'The time limit was reached.';
  if (spent) return `The budget of ${limitText(spent)} was used up.`;
  if (usedToolBudget(state, winner) !== null) return 'The tool calls were used up.';
  if (state.isClosed) return 'The answer was asked for at once.';
  return 'The winner did not make them, or did not see them end.';
}

/** The same in words, for people. */
export function leftText({ actions, reason }: EventOf<'actions.left'>['data']): string {
  const names = actions.map(({ tool, isBegun }) => `${tool}${isBegun ? ' (begun)' : ''}`).join(', ');
  return `${actions.length} planned ${actions.length === 1 ? 'action was' : 'actions were'} not made: ${names}. ${reason}`;
}

function partsOf(label: AnswerLabel): [alias: Alias, version: number] {
  const dot = label.lastIndexOf('.');
  return [label.slice(0, dot), Number(label.slice(dot + 1))];
}

/** One line for each, for prompts and people. */
export function actionLines(actions: readonly PlannedAction[]): string[] {
  return actions.map(({ tool, args }) => `- ${tool} ${JSON.stringify(args)}`);
}
