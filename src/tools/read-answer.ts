import type { RunState } from '../coordination/state.ts';
import { agentsOf, allAnswersOf, answerByLabel } from '../coordination/views.ts';
import { defineTool, numberArg, textArg, ToolMistake } from './define-tool.ts';
import type { Tool } from './tool.ts';

export const READ_ANSWER = 'read_answer';

/** Characters that one call shows at most. */
const PAGE_CHARS = 20_000;

/**
 * Reads answers that prompts show in parts only. Null as long as no answer is that long, so that nobody is told of a
 * tool that is of no use.
 */
export function readAnswerTool(state: () => RunState): Tool | null {
  const limit = state().settings.peerAnswerChars;
  if (limit === null) return null;
  const isOfUse = agentsOf(state()).some((agent) => allAnswersOf(agent).some(({ text }) => text.length > limit));
  if (!isOfUse) return null;
  return defineTool({
    name: READ_ANSWER,
    description: 'Read an answer that you were shown a part of.',
    properties: {
      answer: { type: 'string', description: 'Its name, such as agent2.1.' },
      from: { type: 'integer', minimum: 0, description: 'The character to begin with; 0 if left out.' },
    },
    required: ['answer'],
    annotations: { readOnly: true, idempotent: true },
    run: async (args, { turn }) => {
      const label = textArg(args, 'answer');
      const answer = turn?.view.includes(label) ? answerByLabel(state(), label) : null;
      if (!answer)
        throw new ToolMistake(`There is no answer of that name. You can read: ${turn?.view.join(', ') ?? 'none'}.`);
      const from = numberArg(args, 'from', 0);
      const { text } = answer;
      const end = Math.min(text.length, from + PAGE_CHARS);
      const rest = end < text.length ? `\n[${text.length - end} characters follow; go on with from: ${end}]` : '';
      return text.slice(from, end).toWellFormed() + rest;
    },
  });
}
