import { fence, fenceHistory, fenceQuestion } from '../coordination/fence.ts';
import type { RunState } from '../coordination/state.ts';
import type { Preparation } from '../events/event.ts';
import type { ToolSpec, UserMessage } from '../events/message.ts';
import type { PersonaSettings, RewordingSettings } from '../events/settings.ts';

/** The one tool of a preparation; its arguments are the result. */
export const ASSIGN = 'assign';

/** What a model is asked for before anybody drafts. */
export function preparationPrompt(state: RunState, what: Preparation, boundary: string): UserMessage {
  const history = state.history.length > 0 ? fenceHistory(state.history, boundary) : '';
  const parts = [
    history && `The conversation so far:\n\n${history}`,
    fenceQuestion(state.question, boundary),
    taskOf(state, what, boundary),
    `Do not answer the question. Call ${ASSIGN} once.`,
  ];
  return { role: 'user', text: parts.filter(Boolean).join('\n\n') };
}

function taskOf({ settings, order }: RunState, what: Preparation, boundary: string): string {
  const team = `${order.length} agents`;
  switch (what) {
    case 'personas':
      return personaTask(team, settings.personas, boundary);
    case 'rewording':
      return rewordingTask(settings.rewording);
    case 'subtasks':
      return `${team} share the work on this question. Give each of them one part of it, complete on its own, so that together the parts cover the question and overlap little. Where a part needs the result of another one first, name that agent in depends_on; keep such needs few, since agents without any work at the same time.`;
  }
}

function personaTask(team: string, settings: PersonaSettings | null, boundary: string): string {
  if (!settings) return '';
  const { strategy, diversity, guidelines } = settings;
  return [
    `${team} are going to answer this question, each alone. Write each of them a point of view in two to four sentences, addressed to it as "you". ${STRATEGIES[strategy]} ${DIVERSITY[diversity]}`,
    guidelines && `The user adds:\n${fence('guidelines', guidelines, boundary)}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

const STRATEGIES: Record<PersonaSettings['strategy'], string> = {
  complementary: 'They complete each other: what one overlooks is what another one looks for.',
  diverse: 'They differ as much as they can in background, values and ways of thinking.',
  specialized: 'Each is an expert in another field that the question touches.',
  adversarial: 'They test each other: some propose boldly, others look for errors, gaps and counterexamples.',
};

const DIVERSITY: Record<PersonaSettings['diversity'], string> = {
  perspective: 'A point of view says what to look at and what to value; it prescribes no solution.',
  implementation:
    'It also prescribes a way of solving or building it that differs from the others: method, tools, form.',
};

function rewordingTask(settings: RewordingSettings | null): string {
  if (!settings) return '';
  return `Reword this question in ${settings.variants} ways that ask for exactly the same. ${REWORDINGS[settings.strategy]} Say for each, from 0 to 1, how surely it asks for the same.`;
}

const REWORDINGS: Record<RewordingSettings['strategy'], string> = {
  conservative: 'Change as little as makes it read differently.',
  balanced: 'Change words and order moderately.',
  diverse: 'Change words, order and emphasis as much as the meaning allows.',
  adaptive: 'Change a short and exact question little, and a long or vague one much.',
};

/** The tool of that preparation. */
export function preparationTool({ order, settings }: RunState, what: Preparation): ToolSpec {
  const text = { type: 'string' };
  const agent = { type: 'string', enum: order.toSorted() };
  const list = (name: string, properties: ToolSpec['parameters'], required: string[]): ToolSpec['parameters'] => ({
    type: 'object',
    properties: {
      ...(settings.rewording?.thinks === true && what === 'rewording' && { thoughts: text }),
      [name]: { type: 'array', items: { type: 'object', properties, required, additionalProperties: false } },
    },
    required: [name],
    additionalProperties: false,
  });
  const tool = (parameters: ToolSpec['parameters']): ToolSpec => ({
    name: ASSIGN,
    description: 'Hand in the result.',
    parameters,
  });
  switch (what) {
    case 'personas':
      return tool(list('agents', { agent, text }, ['agent', 'text']));
    case 'rewording':
      return tool(list('variants', { text, likeness: { type: 'number' } }, ['text', 'likeness']));
    case 'subtasks':
      return tool(list('agents', { agent, text, depends_on: { type: 'array', items: agent } }, ['agent', 'text']));
  }
}
