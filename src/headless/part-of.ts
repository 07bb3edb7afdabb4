import type { RunState } from '../coordination/state.ts';
import type { RunEvent } from '../events/event.ts';

/** What stands behind the agent's name where one that works for it asks, or is answered: ` ▸ agent1-sub1`; else nothing. */
export function partOf(event: RunEvent, state: RunState): string {
  const subagent = subagentOf(event, state);
  return subagent === undefined ? '' : ` ▸ ${subagent}`;
}

function subagentOf(event: RunEvent, { asked }: RunState): string | undefined {
  switch (event.type) {
    case 'approval.requested':
    case 'approval.decided':
    case 'question.asked':
      return event.data.subagent;
    case 'question.answered':
      return asked.find(({ question }) => question === event.data.question)?.subagent;
    default:
      return undefined;
  }
}
