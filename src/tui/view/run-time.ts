import type { RunState } from '../../coordination/state.ts';
import { agentsOf } from '../../coordination/views.ts';
import type { Model } from './model.ts';

/**
 * The time inside the run, in milliseconds since 1970. Between two events the clock goes on where models work; built-in
 * agents may play faster than time passes, so theirs is the time of the last event. Pure.
 */
export function runNow(model: Model, state: RunState): number {
  const isGoing = model.isRunActive && state.end === null;
  if (!isGoing || agentsOf(state).every((agent) => !agent.info.isModel)) return state.updatedAt;
  return state.updatedAt + Math.max(0, model.now - model.heardAt);
}
