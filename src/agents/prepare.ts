import { readTexts, readVariants } from '../coordination/preparation.ts';
import type { RunState } from '../coordination/state.ts';
import type { Alias, EventData, Preparation, PreparedText } from '../events/event.ts';
import type { JsonValue } from '../events/json.ts';
import { callArguments } from './call-arguments.ts';
import { callAside, type AsideLine } from './call-aside.ts';
import { drawRunBoundary } from './draw-boundary.ts';
import { ASSIGN, preparationPrompt, preparationTool } from './preparation-prompts.ts';

/**
 * Prepares something for all agents with one model call: points of view, rewordings of the question, or parts of it.
 * A run goes on without what cannot be had, and `problem` says why. Never rejects.
 */
export async function prepare(
  line: AsideLine,
  state: RunState,
  what: Preparation,
): Promise<EventData['preparation.finished']> {
  const boundary = drawRunBoundary(line.random, state);
  const { end, usage, costUsd } = await callAside(line, {
    messages: [preparationPrompt(state, what, boundary)],
    tools: [preparationTool(state, what)],
    toolChoice: 'required',
    purpose: 'prepare',
  });
  const spent = { usage, costUsd };
  if (end.type === 'failed') return { what, texts: {}, problem: end.error.message, ...spent };
  const texts = textsIn(state, what, callArguments(end.message, ASSIGN));
  const missing = state.order.filter((alias) => !texts[alias]);
  const problem = missing.length === 0 ? null : `The model's reply had nothing usable for ${missing.join(', ')}.`;
  return { what, texts, problem, ...spent };
}

function textsIn(state: RunState, what: Preparation, value: JsonValue): Record<Alias, PreparedText> {
  const { rewording } = state.settings;
  if (what !== 'rewording') return readTexts(value, state.order);
  const rules = { count: rewording?.variants ?? 0, threshold: rewording?.threshold ?? 0 };
  return readVariants(value, state.order, state.question, rules);
}
