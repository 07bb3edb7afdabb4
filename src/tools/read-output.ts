import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { KeptOutputs } from '../workspace/kept-outputs.ts';
import { defineTool, numberArg, textArg, ToolMistake } from './define-tool.ts';
import { MAX_PART_CHARS, partFrom } from './read-part.ts';
import type { Tool } from './tool.ts';

const NAME = 'read_output';

/** How an agent without files reads results that were too long: kept ones, and a tool that is there as soon as there is one. */
export interface OutputReader {
  tools: () => readonly Tool[];
  /** Says where the text is. Rejects when it cannot be kept. */
  keep: (text: string, tool: string) => Promise<string>;
}

/** Knows what a run that is taken up again has kept. */
export async function openOutputReader(outputs: KeptOutputs): Promise<OutputReader> {
  const names = new Set(await readdir(outputs.folder).catch((): string[] => []));
  const tool = defineTool({
    name: NAME,
    description: `Reads a result that was too long to come at once, ${MAX_PART_CHARS} characters at a time.`,
    properties: {
      output: { type: 'string', description: 'Its name, as the result told it.' },
      character: { type: 'integer', minimum: 1, description: 'First character, counted from 1; 1 if left out.' },
    },
    required: ['output'],
    annotations: { readOnly: true, idempotent: true },
    run: async (args) => {
      const name = textArg(args, 'output');
      if (!names.has(name)) throw new ToolMistake(`There is no such output. There are: ${[...names].join(', ')}.`);
      const text = await readFile(join(outputs.folder, name), 'utf8');
      const character = numberArg(args, 'character', 1);
      if (character > text.length) throw new ToolMistake(`It has only ${text.length} characters.`);
      const { part, next } = partFrom(text, character);
      return next === null ? part : `${part}\n[${text.length} characters in all. Go on with character ${next}.]`;
    },
  });
  return {
    tools: () => (names.size > 0 ? [tool] : []),
    keep: async (text, source) => {
      const kept = (await outputs.keep(text, source)).map((path) => basename(path));
      for (const name of kept) names.add(name);
      return `All of it is in ${kept.join(', ')}; read it with ${NAME}.`;
    },
  };
}
