import { defineTool, numberArg, textArg, ToolMistake } from '../define-tool.ts';
import type { Tool } from '../tool.ts';
import { MAX_PART_CHARS, partFrom } from '../read-part.ts';
import { locateFor, type FileDesk } from './file-desk.ts';
import { readText } from './text-content.ts';

const DEFAULT_LINES = 2_000;

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
      character: {
        type: 'integer',
        minimum: 1,
        description: 'For a line that is too long to come at once: its first character, counted from 1.',
      },
    },
    required: ['path'],
    annotations: { readOnly: true, idempotent: true },
    pathArguments: [{ name: 'path', use: 'read' }],
    run: async (args, context) => {
      const located = await locateFor(desk, textArg(args, 'path'), 'read', context);
      const { text, stamp } = await readText(located);
      desk.reads.note(located.path, stamp);
      const offset = numberArg(args, 'offset', 1);
      const lines = linesOf(text, offset);
      if (lines.length === 0) return '(The file is empty.)';
      if (args['character'] !== undefined) return longLine(lines, offset, numberArg(args, 'character', 1));
      return part(lines, offset, numberArg(args, 'limit', DEFAULT_LINES));
    },
  });
}

function linesOf(text: string, offset: number): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (offset > lines.length) throw new ToolMistake(`The file has only ${lines.length} lines.`);
  return lines;
}

function part(lines: readonly string[], offset: number, limit: number): string {
  const wanted = lines.slice(offset - 1, offset - 1 + limit);
  let chars = 0;
  const fitting = wanted.findIndex((line) => (chars += line.length + 1) > MAX_PART_CHARS);
  const shown = fitting < 0 ? wanted : wanted.slice(0, fitting);
  if (shown.length === 0) return longLine(lines, offset, 1);
  const last = offset - 1 + shown.length;
  const body = shown.join('\n');
  if (offset === 1 && last === lines.length) return body;
  const more = last < lines.length ? ` Go on with offset ${last + 1}.` : '';
  return `${body}\n[Lines ${offset} to ${last} of ${lines.length}.${more}]`;
}

/** A line that comes in parts. */
function longLine(lines: readonly string[], number: number, character: number): string {
  const line = lines[number - 1] ?? '';
  if (character > Math.max(1, line.length)) throw new ToolMistake(`Line ${number} has only ${line.length} characters.`);
  const { part: shown, next } = partFrom(line, character);
  const last = next === null ? line.length : next - 1;
  const rest = number < lines.length ? ` Go on with offset ${number + 1}.` : '';
  const more = next === null ? rest : ` Go on with offset ${number}, character ${next}.`;
  return `${shown}\n[Characters ${character} to ${last} of the ${line.length} of line ${number} of ${lines.length}.${more}]`;
}
