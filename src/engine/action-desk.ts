import { actionsOf } from '../coordination/actions.ts';
import type { RunState } from '../coordination/state.ts';
import type { Alias, EventDraft } from '../events/event.ts';
import type { Actions } from '../tools/actions.ts';

/** The way of one turn to the run's list of actions; none in a run that does not plan. */
export function actionsFor(
  agent: Alias,
  turn: string,
  state: () => RunState,
  record: (...events: EventDraft[]) => Promise<void>,
): { actions?: Actions } {
  const { planning } = state().settings;
  if (planning === null) return {};
  return {
    actions: {
      isPart: planning.isPart === true,
      stageOf: (key) => {
        const { winner, actions } = state();
        const list = winner ? actionsOf(state(), winner.label) : actions;
        return list.find((each) => each.alias === agent && each.key === key)?.stage ?? null;
      },
      propose: (action) => record({ type: 'action.proposed', agent, data: { turn, ...action } }),
      begin: (key) => record({ type: 'action.begun', agent, data: { turn, key } }),
      end: (key, isError) => record({ type: 'action.ended', agent, data: { turn, key, isError } }),
    },
  };
}
