import { join } from 'node:path';
import { stampOf, withFileIn } from '../../workspace/file-access.ts';
import { defineTool, textArg, ToolMistake } from '../define-tool.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { locateFor, printableName, type FileDesk } from './file-desk.ts';
import { hiddenRoots, matcher } from './list-files.ts';
import { walkFiles } from './walk-files.ts';

const MAX_HITS = 200;
const MAX_WALKED = 50_000;
const MAX_FILE_BYTES = 5n * 1024n * 1024n;
const MAX_LINE = 300;

/** `search_files`: which lines of which files hold a text. */
export function searchFilesTool(desk: FileDesk): Tool {
  return defineTool({
    name: 'search_files',
    description:
      'Finds lines that contain a text, in all text files of a folder. Names with a leading dot and node_modules are passed over. Results are path:line: text.',
    properties: {
      text: { type: 'string', minLength: 1, maxLength: 1_000, description: 'The text, taken literally, in one line.' },
      path: { type: 'string', description: 'The folder; your workspace if left out.' },
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
      const search = {
        holds: holder(text, args['ignore_case'] === true),
        fits: pattern === '' ? () => true : await matcher(pattern, false),
      };
      const { hits, isWhole } = await searchAll(desk, textArg(args, 'path') || '.', search, context);
      if (hits.length === 0) return 'No line contains it.';
      if (!isWhole) hits.push(`[Stopped after ${MAX_HITS} lines or ${MAX_WALKED} files. Search in a narrower place.]`);
      return hits.join('\n');
    },
  });
}

interface Search {
  holds: (line: string) => boolean;
  fits: (path: string) => boolean;
}

function holder(text: string, ignoresCase: boolean): (line: string) => boolean {
  const wanted = ignoresCase ? text.toLowerCase() : text;
  return (line) => (ignoresCase ? line.toLowerCase() : line).includes(wanted);
}

/** Stops a walk that has found enough. */
class Enough extends Error {}

async function searchAll(
  desk: FileDesk,
  path: string,
  { holds, fits }: Search,
  context: ToolContext,
): Promise<{ hits: string[]; isWhole: boolean }> {
  const located = await locateFor(desk, path, 'read', context);
  const hits: string[] = [];
  try {
    const isWhole = await walkFiles(located, {
      hidden: hiddenRoots(desk, context),
      skipsHidden: true,
      maxEntries: MAX_WALKED,
      signal: context.signal,
      onEntry: async (entry, folder, name) => {
        if (entry.kind !== 'file' || !fits(entry.path)) return;
        const file = await withFileIn(folder, name, async (handle, stats) =>
          stats.size > MAX_FILE_BYTES ? null : { bytes: await handle.readFile(), stamp: stampOf(stats) },
        ).catch(() => null);
        if (!file || file.bytes.subarray(0, 8_192).includes(0)) return;
        let number = 0;
        let hasHit = false;
        for (const line of file.bytes.toString('utf8').split('\n')) {
          number += 1;
          if (!holds(line)) continue;
          hasHit = true;
          hits.push(`${printableName(entry.path)}:${number}: ${clip(line)}`);
          if (hits.length >= MAX_HITS) throw new Enough();
        }
        if (hasHit) desk.reads.note(join(located.path, entry.path), file.stamp);
      },
    });
    return { hits, isWhole };
  } catch (error) {
    if (error instanceof Enough) return { hits, isWhole: false };
    throw error;
  }
}

function clip(line: string): string {
  const text = line.trimEnd();
  return text.length > MAX_LINE ? `${text.slice(0, MAX_LINE).toWellFormed()}…` : text;
}
