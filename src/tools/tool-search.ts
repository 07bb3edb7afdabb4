import type { Message, ToolSpec } from '../events/message.ts';
import type { Tool, ToolAnnotations } from './tool.ts';

export const SEARCH_TOOLS = 'search_tools';

const USUAL_COUNT = 5;
const MAX_COUNT = 20;
/** The first sentence of most descriptions; the whole of it comes with the tool itself. */
const MAX_SUMMARY = 160;

const READING: ToolAnnotations = {
  readOnly: true,
  destructive: false,
  idempotent: true,
  openWorld: false,
  pathArguments: [],
};

/** The tools, and one that searches those of them that the model is not shown at once; as they are where none is such. */
export function withToolSearch(tools: readonly Tool[]): readonly Tool[] {
  const hidden = tools.filter(({ spec }) => spec.isDeferred === true && spec.isCodeOnly !== true);
  return hidden.length === 0 ? tools : [...tools, searchTool(hidden.map((tool) => tool.spec))];
}

function searchTool(hidden: readonly ToolSpec[]): Tool {
  return {
    spec: {
      name: SEARCH_TOOLS,
      description: `${hidden.length} more tools are there. This finds those that fit your words, such as "create issue github"; what it finds can be called from your next step on.`,
      parameters: {
        type: 'object',
        properties: {
          query: { type: 'string', description: 'What the tool should do, in a few words.' },
          count: { type: 'integer', minimum: 1, maximum: MAX_COUNT, description: `${USUAL_COUNT} if left out.` },
        },
        required: ['query'],
        additionalProperties: false,
      },
    },
    annotations: READING,
    execute: async ({ query, count }) => {
      const found = rankTools(hidden, typeof query === 'string' ? query : '').slice(
        0,
        Math.min(Number(count ?? USUAL_COUNT), MAX_COUNT),
      );
      if (found.length === 0) return { output: 'No tool fits these words. Try other ones.', isError: false };
      const lines = found.map((tool) => `- ${tool.name}: ${summaryOf(tool)}`);
      return { output: ['You can call these from now on:', ...lines].join('\n'), isError: false };
    },
  };
}

function summaryOf({ description }: ToolSpec): string {
  const line = description.replaceAll(/\s+/g, ' ').trim();
  return line.length > MAX_SUMMARY ? `${line.slice(0, MAX_SUMMARY)}…` : line;
}

/**
 * The tools that the model is shown now: all that are neither hidden nor for code alone, and those that its searches have found. Follows from
 * the conversation alone, so that a run that is taken up again shows the same. `isLeftToProvider`: the provider searches.
 */
export function toolsToShow(
  all: readonly ToolSpec[],
  conversation: readonly Message[],
  isLeftToProvider: boolean,
): ToolSpec[] {
  const tools = all.filter((tool) => tool.isCodeOnly !== true);
  if (!tools.some((tool) => tool.isDeferred === true)) return [...tools];
  if (isLeftToProvider) return tools.filter((tool) => tool.name !== SEARCH_TOOLS);
  const found = foundIn(conversation);
  return tools.flatMap(({ isDeferred, ...tool }) => (isDeferred === true && !found.has(tool.name) ? [] : [tool]));
}

function foundIn(conversation: readonly Message[]): Set<string> {
  const found = new Set<string>();
  for (const message of conversation) {
    if (message.role === 'assistant') for (const call of message.calls) found.add(call.name);
    if (message.role !== 'tool' || message.name !== SEARCH_TOOLS || message.isError) continue;
    for (const [, name] of message.output.matchAll(/^- ([\w-]+):/gm)) if (name !== undefined) found.add(name);
  }
  return found;
}

/** Constants of the usual ranking by words (BM25). */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;
/** A word in the name says more than one in the description. */
const NAME_WEIGHT = 3;

/** Those that share a word with the query, best first; equals stay in their order. */
export function rankTools(tools: readonly ToolSpec[], query: string): ToolSpec[] {
  const wanted = [...new Set(wordsOf(query))];
  const texts = tools.map(({ name, description }) => [
    ...Array.from({ length: NAME_WEIGHT }, () => wordsOf(name)).flat(),
    ...wordsOf(description),
  ]);
  const usual = texts.reduce((sum, words) => sum + words.length, 0) / Math.max(1, texts.length);
  const scored = tools.map((tool, at) => ({ tool, score: 0, words: texts[at] ?? [] }));
  for (const word of wanted) {
    const counts = scored.map(({ words }) => words.filter((each) => isForm(each, word)).length);
    const holders = counts.filter((count) => count > 0).length;
    const rarity = Math.log(1 + (tools.length - holders + 0.5) / (holders + 0.5));
    for (const [at, entry] of scored.entries()) {
      const count = counts[at] ?? 0;
      const size = 1 - LENGTH_SHARE + (LENGTH_SHARE * entry.words.length) / usual;
      entry.score += (rarity * count * (SATURATION + 1)) / (count + SATURATION * size);
    }
  }
  return scored
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ tool }) => tool);
}

/** Also `issues` for `issue`, and `created` for `create`. */
function isForm(word: string, wanted: string): boolean {
  return (
    word === wanted || (wanted.length > 3 && word.startsWith(wanted)) || (word.length > 3 && wanted.startsWith(word))
  );
}

function wordsOf(text: string): string[] {
  const apart = text.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return apart.match(/[\p{L}\p{N}]+/gu) ?? [];
}
