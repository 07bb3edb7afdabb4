import type { Alias, AnswerLabel, EventOf } from '../events/event.ts';
import type { PlannedAction } from '../events/planned-action.ts';
import type { ActionState, RunState } from './state.ts';

type ActionEvent = EventOf<'action.proposed' | 'action.begun' | 'action.ended'>;

/** Folds what agents would do, and what was done of it. */
export function applyAction(state: RunState, event: ActionEvent): RunState {
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

function partsOf(label: AnswerLabel): [alias: Alias, version: number] {
  const dot = label.lastIndexOf('.');
  return [label.slice(0, dot), Number(label.slice(dot + 1))];
}

/** One line for each, for prompts and people. */
export function actionLines(actions: readonly PlannedAction[]): string[] {
  return actions.map(({ tool, args }) => `- ${tool} ${JSON.stringify(args)}`);
}
