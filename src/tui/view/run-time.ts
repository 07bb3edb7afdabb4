import type { RunState } from '../../coordination/state.ts';
import { agentsOf } from '../../coordination/views.ts';
import type { Model } from './model.ts';
import type { Playback } from './playback.ts';

/** A replay keeps the time of its recording. */
function playedNow({ replay }: Playback, state: RunState): number {
  if (state.end || agentsOf(state).every((agent) => !agent.info.isModel)) return state.updatedAt;
  return Math.max(state.updatedAt, replay.clock.now());
}

/**
 * The time inside the run, in milliseconds since 1970. Between two events the clock goes on where models work; built-in
 * agents may play faster than time passes, so theirs is the time of the last event. Pure.
 */
export function runNow(model: Model, state: RunState): number {
  if (model.playback) return playedNow(model.playback, state);
  const isGoing = model.isRunActive && state.end === null;
  if (!isGoing || agentsOf(state).every((agent) => !agent.info.isModel)) return state.updatedAt;
  return state.updatedAt + Math.max(0, model.now - model.heardAt);
}
