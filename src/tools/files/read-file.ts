import { defineTool, numberArg, textArg, ToolMistake } from '../define-tool.ts';
import type { Tool } from '../tool.ts';
import { locateFor, type FileDesk } from './file-desk.ts';
import { readText } from './text-content.ts';

const DEFAULT_LINES = 2_000;
/** Below what the model gets of any tool, so that the text is not cut in its middle. */
const MAX_CHARS = 25_000;

/** `read_file`: text, by lines. */
export function readFileTool(desk: FileDesk): Tool {
  return defineTool({
    name: 'read_file',
    description:
      'Reads a text file. Long files come in parts: go on with the offset that the result names. Paths are relative to your workspace, or absolute.',
    properties: {
      path: { type: 'string', description: 'The file.' },
      offset: { type: 'integer', minimum: 1, description: 'First line, counted from 1.' },
      limit: { type: 'integer', minimum: 1, description: `Number of lines; ${DEFAULT_LINES} if left out.` },
    },
    required: ['path'],
    annotations: { readOnly: true, idempotent: true },
    pathArguments: [{ name: 'path', use: 'read' }],
    run: async (args, context) => {
      const located = await locateFor(desk, textArg(args, 'path'), 'read', context);
      const { text, stamp } = await readText(located);
      desk.reads.note(located.path, stamp);
      return part(text, numberArg(args, 'offset', 1), numberArg(args, 'limit', DEFAULT_LINES));
    },
  });
}

function part(text: string, offset: number, limit: number): string {
  if (text === '') return '(The file is empty.)';
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (offset > lines.length) throw new ToolMistake(`The file has only ${lines.length} lines.`);
  const wanted = lines.slice(offset - 1, offset - 1 + limit);
  let chars = 0;
  const fitting = wanted.findIndex((line) => (chars += line.length + 1) > MAX_CHARS);
  const shown = fitting < 0 ? wanted : wanted.slice(0, fitting);
  if (shown.length === 0) return longLine(wanted[0] ?? '', offset);
  const last = offset - 1 + shown.length;
  const body = shown.join('\n');
  if (offset === 1 && last === lines.length) return body;
  const more = last < lines.length ? ` Go on with offset ${last + 1}.` : '';
  return `${body}\n[Lines ${offset} to ${last} of ${lines.length}.${more}]`;
}

function longLine(line: string, number: number): string {
  return `${line.slice(0, MAX_CHARS).toWellFormed()}\n[The first ${MAX_CHARS} of ${line.length} characters of line ${number}.]`;
}
