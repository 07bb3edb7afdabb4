import { defineTool, textArg, ToolMistake } from '../define-tool.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { Enough, eachText } from './each-text.ts';
import { printableName, type FileDesk } from './file-desk.ts';
import { matcher } from './list-files.ts';
import { PatternMatcher } from './pattern-matcher.ts';

const MAX_HITS = 200;
const MAX_FILE_BYTES = 5n * 1024n * 1024n;
const MAX_LINE = 300;

/** `search_files`: which lines of which files hold a text. */
export function searchFilesTool(desk: FileDesk): Tool {
  return defineTool({
    name: 'search_files',
    description:
      'Finds lines that contain a text or fit a regular expression, in all text files of a folder. Names with a leading dot and node_modules are passed over. Results are path:line: text.',
    properties: {
      text: { type: 'string', minLength: 1, maxLength: 1_000, description: 'The text, in one line.' },
      regex: { type: 'boolean', description: 'Take the text as a regular expression (JavaScript), line by line.' },
      path: { type: 'string', description: 'The folder, or one file; your workspace if left out.' },
      pattern: { type: 'string', maxLength: 1_000, description: 'Only files whose path fits this glob.' },
      ignore_case: { type: 'boolean', description: 'Take capitals and small letters for the same.' },
    },
    required: ['text'],
    annotations: { readOnly: true, idempotent: true },
    pathArguments: [{ name: 'path', use: 'read' }],
    run: async (args, context) => {
      const text = textArg(args, 'text');
      if (text.includes('\n')) throw new ToolMistake('The text must not have line breaks.');
      const pattern = textArg(args, 'pattern');
      const ignoresCase = args['ignore_case'] === true;
      const fits = pattern === '' ? () => true : await matcher(pattern, false);
      const regex = args['regex'] === true ? new PatternMatcher(text, ignoresCase, desk.clock) : null;
      const search: Search = { fits, linesOf: regex ? (whole) => regex.lines(whole) : literally(text, ignoresCase) };
      const found = searchAll(desk, textArg(args, 'path') || '.', search, context);
      const { hits, isWhole } = await found.finally(() => regex?.stop());
      if (hits.length === 0) return 'No line contains it.';
      if (!isWhole) hits.push(`[Stopped after ${MAX_HITS} lines or 50000 files. Search in a narrower place.]`);
      return hits.join('\n');
    },
  });
}

interface Search {
  /** Numbers of the lines that are looked for, from 1. */
  linesOf: (text: string) => Promise<number[]>;
  fits: (path: string) => boolean;
}

function literally(text: string, ignoresCase: boolean): Search['linesOf'] {
  const wanted = ignoresCase ? text.toLowerCase() : text;
  return (whole) => {
    const lines = (ignoresCase ? whole.toLowerCase() : whole).split('\n');
    return Promise.resolve(lines.flatMap((line, index) => (line.includes(wanted) ? [index + 1] : [])));
  };
}

async function searchAll(
  desk: FileDesk,
  path: string,
  { linesOf, fits }: Search,
  context: ToolContext,
): Promise<{ hits: string[]; isWhole: boolean }> {
  const hits: string[] = [];
  const onText = async (name: string, text: string): Promise<boolean> => {
    const numbers = await linesOf(text);
    const lines = text.split('\n');
    for (const number of numbers) {
      hits.push(`${printableName(name)}:${number}: ${clip(lines[number - 1] ?? '')}`);
      if (hits.length >= MAX_HITS) throw new Enough();
    }
    return numbers.length > 0;
  };
  const isWhole = await eachText(desk, { path, fits, maxBytes: MAX_FILE_BYTES, onText }, context);
  return { hits, isWhole };
}

function clip(line: string): string {
  const text = line.trimEnd();
  return text.length > MAX_LINE ? `${text.slice(0, MAX_LINE).toWellFormed()}…` : text;
}
