import { applyEvent } from '../coordination/apply.ts';
import type { RunState } from '../coordination/state.ts';
import type { RunEvent } from '../events/event.ts';
import { linesFor } from '../headless/plain-lines.ts';

/**
 * Tells the story of a run in lines, as `--no-display` does, without what only its owner needs: the question, the
 * folder, and the closing figures. Give it every event in order.
 */
export function createProgress(): (event: RunEvent) => string[] {
  let state: RunState | null = null;
  return (event) => {
    state = applyEvent(state, event);
    return event.type === 'run.started' || event.type === 'run.finished' ? [] : linesFor(event, state, '');
  };
}
