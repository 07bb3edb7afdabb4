import { textArg } from '../define-tool.ts';
import type { ToolContext } from '../tool.ts';
import type { JsonObject } from '../../events/json.ts';
import { locateFor, show, type FileDesk } from './file-desk.ts';
import { readText } from './text-content.ts';

/** Longest preview: what people read before they decide. */
const MAX_CHARS = 20_000;
/** Beyond this two texts have so little in common that the way from one to the other tells nothing. */
const MAX_EDITS = 2_000;

/**
 * What a file tool would change in the text file that its `path` names, as a unified diff; `change` makes the new text
 * from the old one, null for a file that would be gone. A file that is not there counts as empty. Changes nothing.
 * Rejects where the call could not be done, or the file is no text.
 */
export async function previewChange(
  desk: FileDesk,
  args: JsonObject,
  context: ToolContext,
  change: (text: string) => string | null,
): Promise<string> {
  const located = await locateFor(desk, textArg(args, 'path'), 'write', context);
  const before = located.exists ? (await readText(located)).text : '';
  const after = change(before);
  const name = show(desk, located.path);
  if (before === after) return `${name} would stay as it is.`;
  const { createTwoFilesPatch } = await import('diff');
  const patch = createTwoFilesPatch(
    located.exists ? name : '/dev/null',
    after === null ? '/dev/null' : name,
    before,
    after ?? '',
    undefined,
    undefined,
    { context: 3, maxEditLength: MAX_EDITS },
  );
  return capped(patch?.replace(/^(Index: .*\n)?=+\n/, '') ?? wholly(name, before, after ?? ''));
}

/** For texts that have hardly anything in common. */
function wholly(name: string, before: string, after: string): string {
  const lines = (text: string, sign: string): string[] => text.split('\n').map((line) => `${sign}${line}`);
  return [`--- ${name}`, `+++ ${name}`, ...lines(after, '+'), ...lines(before, '-')].join('\n');
}

function capped(diff: string): string {
  if (diff.length <= MAX_CHARS) return diff;
  return `${diff.slice(0, MAX_CHARS).toWellFormed()}\n[${diff.length - MAX_CHARS} more characters]`;
}
