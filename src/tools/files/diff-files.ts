import { defineTool, textArg } from '../define-tool.ts';
import type { Tool } from '../tool.ts';
import { locateFor, show, type FileDesk } from './file-desk.ts';
import { readText } from './text-content.ts';

const MAX_LINES = 500;
/** Beyond this two texts have so little in common that the way from one to the other tells nothing. */
const MAX_EDITS = 5_000;

/** `diff_files`: a unified diff of two text files. */
export function diffFilesTool(desk: FileDesk): Tool {
  return defineTool({
    name: 'diff_files',
    description: 'Compares two text files, for example yours with the one in the folder of another answer.',
    properties: {
      old_path: { type: 'string', description: 'The file that counts as the old one.' },
      new_path: { type: 'string', description: 'The file that counts as the new one.' },
    },
    required: ['old_path', 'new_path'],
    annotations: { readOnly: true, idempotent: true },
    pathArguments: [
      { name: 'old_path', use: 'read' },
      { name: 'new_path', use: 'read' },
    ],
    run: async (args, context) => {
      const sides = [];
      for (const name of ['old_path', 'new_path']) {
        const located = await locateFor(desk, textArg(args, name), 'read', context);
        sides.push({ located, ...(await readText(located)) });
      }
      const [before, after] = sides;
      if (!before || !after || before.text === after.text) return 'The files are the same.';
      for (const { located, stamp } of sides) desk.reads.note(located.path, stamp);
      const { createTwoFilesPatch } = await import('diff');
      const patch = createTwoFilesPatch(
        show(desk, before.located.path),
        show(desk, after.located.path),
        before.text,
        after.text,
        undefined,
        undefined,
        { context: 3, maxEditLength: MAX_EDITS },
      );
      if (patch === undefined) return 'The files have hardly anything in common.';
      const lines = patch.split('\n');
      if (lines.length <= MAX_LINES) return patch;
      return [...lines.slice(0, MAX_LINES), `[${lines.length - MAX_LINES} more lines.]`].join('\n');
    },
  });
}
