import type { RunState } from '../coordination/state.ts';
import { answerByLabel } from '../coordination/views.ts';

/** The config's id of an answer's author; null for a label that nobody wrote. */
export function authorId(state: RunState, label: string): string | null {
  const alias = answerByLabel(state, label)?.alias;
  return alias === undefined ? null : (state.agents[alias]?.info.id ?? null);
}

/** The config's id of the agent whose answer won; null until one has. */
export function winnerId(state: RunState): string | null {
  return state.winner && authorId(state, state.winner.label);
}
