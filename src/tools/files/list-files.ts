import { defineTool, textArg, ToolMistake } from '../define-tool.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { accessOf, locateFor, printableName, show, type FileDesk } from './file-desk.ts';
import { walkFiles, type Walked } from './walk-files.ts';

const MAX_LISTED = 1_000;
const MAX_WALKED = 100_000;
const MAX_PATTERN = 1_000;

/** `list_files`: what is in a folder, or all files below it whose path fits a glob. */
export function listFilesTool(desk: FileDesk): Tool {
  return defineTool({
    name: 'list_files',
    description:
      'Lists a folder; with a pattern such as **/*.ts, all files below it that fit. Folders end in a slash, links are marked with @.',
    properties: {
      path: { type: 'string', description: 'The folder; your workspace if left out.' },
      pattern: { type: 'string', maxLength: MAX_PATTERN, description: 'A glob over paths below the folder.' },
      hidden: { type: 'boolean', description: 'With a pattern: also names with a leading dot, and node_modules.' },
    },
    required: [],
    annotations: { readOnly: true, idempotent: true },
    pathArguments: [{ name: 'path', use: 'read' }],
    run: async (args, context) => {
      const pattern = textArg(args, 'pattern');
      const found = await collect(desk, textArg(args, 'path') || '.', pattern, args['hidden'] === true, context);
      const lines = found.entries
        .slice(0, MAX_LISTED)
        .map((entry) => `${printableName(entry.path)}${MARKS[entry.kind]}`);
      if (lines.length === 0) return pattern === '' ? `${found.name} is empty.` : `No file fits in ${found.name}.`;
      const rest = found.entries.length - lines.length;
      if (rest > 0) lines.push(`[${rest} more. Use a narrower pattern or folder.]`);
      if (!found.isWhole) lines.push(`[Only the first ${MAX_WALKED} entries were looked at.]`);
      return lines.join('\n');
    },
  });
}

const MARKS: Record<Walked['kind'], string> = { file: '', folder: '/', link: '@', other: '' };

async function collect(
  desk: FileDesk,
  path: string,
  pattern: string,
  hidden: boolean,
  context: ToolContext,
): Promise<{ entries: Walked[]; isWhole: boolean; name: string }> {
  const located = await locateFor(desk, path, 'read', context);
  const fits = pattern === '' ? null : await matcher(pattern, hidden);
  const entries: Walked[] = [];
  const isWhole = await walkFiles(located, {
    hidden: hiddenRoots(desk, context),
    skipsHidden: fits !== null && !hidden,
    maxEntries: MAX_WALKED,
    signal: context.signal,
    onEntry: (entry) => {
      if (fits === null ? !entry.path.includes('/') : entry.kind !== 'folder' && fits(entry.path)) entries.push(entry);
    },
  });
  return { entries, isWhole, name: show(desk, located.path) };
}

/** Places inside of what the agent may see that it may not. */
export function hiddenRoots(desk: FileDesk, context: ToolContext): string[] {
  return desk.files.grants(accessOf(context.turn)).flatMap(({ mode, root }) => (mode === 'none' ? [root] : []));
}

/** Globs with repeated groups can take for ever to fail, so they are refused. */
export async function matcher(pattern: string, dot: boolean): Promise<(path: string) => boolean> {
  if (/[()]/.test(pattern) || (pattern.match(/\*/g)?.length ?? 0) > 8) {
    throw new ToolMistake('Use *, **, ?, [a-z] and {a,b} only, with at most eight stars.');
  }
  const { default: picomatch } = await import('picomatch');
  return picomatch(pattern, { dot, noextglob: true, nonegate: true });
}
