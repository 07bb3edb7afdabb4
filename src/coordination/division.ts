import type { Alias, AnswerLabel, PreparedText } from '../events/event.ts';
import { preparedFor } from './preparation.ts';
import type { AgentState, AnswerVersion, RunState } from './state.ts';
import { agentOf, agentsOf, currentAnswers, isActive, latestAnswer } from './views.ts';

/**
 * True where every agent works on a part of the question instead of all of it. Where no parts could be made, all work on
 * the whole question as usual.
 */
export function isDivided(state: RunState): boolean {
  return state.order.length > 1 && Object.keys(state.prepared.subtasks ?? {}).length > 0;
}

export function partOf(state: RunState, alias: Alias): PreparedText | null {
  return preparedFor(state, 'subtasks', alias);
}

/** True for an agent that still has to hand in its part. */
export function owesPart(state: RunState, agent: AgentState): boolean {
  return isActive(agent) && agent.answers.length === 0 && partOf(state, agent.info.alias) !== null;
}

/** True once everybody whose result this agent needs has handed it in, or is out. */
export function isReady(state: RunState, alias: Alias): boolean {
  return (partOf(state, alias)?.dependsOn ?? []).every((other) => !owesPart(state, agentOf(state, other)));
}

/** The answers that this agent needs for its part, in the order in which they are named. */
export function neededAnswers(state: RunState, alias: Alias): AnswerLabel[] {
  const current = currentAnswers(state);
  return (partOf(state, alias)?.dependsOn ?? []).flatMap((other) =>
    current.flatMap(({ alias: author, label }) => (author === other ? label : [])),
  );
}

/**
 * Who puts the parts together: the one that has handed in its part last, since it knows most of the others; somebody who
 * is still in before somebody who is out. Null where there is no part.
 */
export function mergerOf(state: RunState): AnswerVersion | null {
  const parts = currentAnswers(state).toSorted((a, b) => b.seq - a.seq);
  return parts.find(({ alias }) => isActive(agentOf(state, alias))) ?? parts[0] ?? null;
}

/** Parts that nobody has handed in. */
export function missingParts(state: RunState): { alias: Alias; text: string }[] {
  return agentsOf(state).flatMap((agent) => {
    const { alias } = agent.info;
    const part = partOf(state, alias);
    return part && latestAnswer(agent) === null ? [{ alias, text: part.text }] : [];
  });
}

/** All parts one after the other, in the order of the config: the final answer where nobody puts them together. */
export function joinedParts(state: RunState): string {
  return currentAnswers(state)
    .map(({ text }) => text.trim())
    .join('\n\n');
}
