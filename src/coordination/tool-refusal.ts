import type { RefusalCode } from '../events/event.ts';
import { usedToolBudget } from './budget.ts';
import type { AgentState, RunState } from './state.ts';
import { limitOf } from './time-limits.ts';

/** Why an agent may run no ordinary tool now, in a sentence for its model; null when it may. */
export function toolRefusal(state: RunState, agent: AgentState): { code: RefusalCode; message: string } | null {
  const used = usedToolBudget(state, agent);
  if (used !== null) {
    const whose = used === 'run' ? 'The tool calls of this run' : 'Your own tool calls';
    return {
      code: 'tool-budget',
      message: `${whose} are used up, so this one was not made. Finish with what you know.`,
    };
  }
  const limit = agent.turn && limitOf(state, agent.turn);
  if (limit === null || limit === 'noticed') return null;
  return {
    code: 'round-over',
    message: 'The time for tools is over, so this call was not made. Finish with what you know.',
  };
}
