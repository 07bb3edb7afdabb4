import { join } from 'node:path';
import { lstat } from 'node:fs/promises';
import { removeAt, stampOf, withFileIn } from '../../workspace/file-access.ts';
import { inFolder } from '../../workspace/folder-handle.ts';
import { isGuardedName, type Located } from '../../workspace/path-policy.ts';
import { defineTool, textArg, ToolMistake } from '../define-tool.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { demandKnown, locateFor, show, type FileDesk } from './file-desk.ts';
import { previewChange } from './preview-change.ts';
import { hiddenRoots } from './list-files.ts';
import { walkFiles } from './walk-files.ts';

const MAX_WALKED = 20_000;
const MAX_NAMED = 3;

/** What programs make by themselves; nobody reads it, so nobody has to. */
const GENERATED =
  /(^|\/)(__pycache__|node_modules|\.pytest_cache|\.mypy_cache|\.ruff_cache)\/|\.pyc$|(^|\/)\.DS_Store$/;

/** `delete_file`: a file, or a folder with `recursive`. */
export function deleteFileTool(desk: FileDesk): Tool {
  return defineTool({
    name: 'delete_file',
    description:
      'Deletes a file that you have read or made. A folder needs recursive: true, and you must know every file in it.',
    properties: {
      path: { type: 'string', description: 'The file or folder.' },
      recursive: { type: 'boolean', description: 'Delete a folder with all that is in it.' },
    },
    required: ['path'],
    annotations: { destructive: true },
    pathArguments: [{ name: 'path', use: 'delete' }],
    preview: (args, context) => previewChange(desk, args, context, () => null),
    run: async (args, context) => {
      const located = await locateFor(desk, textArg(args, 'path'), 'delete', context);
      if (!located.exists) throw new ToolMistake('There is no such file or folder.');
      await demandDeletable(desk, located, args['recursive'] === true, context);
      const count = await removeAt(located);
      desk.reads.forget(located.path);
      return `Deleted ${show(desk, located.path)}${count === 1 ? '' : `, ${count} files`}.`;
    },
  });
}

/** Rejects unless all that would go is known to the agent and may go. */
export async function demandDeletable(
  desk: FileDesk,
  located: Located,
  isRecursive: boolean,
  context: ToolContext,
): Promise<void> {
  if (!(await isFolder(located))) return demandKnown(desk, located, 'delete');
  if (!isRecursive) throw new ToolMistake('It is a folder. Set recursive to delete it with all that is in it.');
  const hidden = hiddenRoots(desk, context);
  if (hidden.some((root) => root.startsWith(`${located.path}/`)))
    throw new ToolMistake('It holds what you may not see.');
  const unread: string[] = [];
  const isWhole = await walkFiles(located, {
    hidden: [],
    skipsHidden: false,
    maxEntries: MAX_WALKED,
    signal: context.signal,
    onEntry: async ({ path, kind }, folder, name) => {
      if (located.grant.guardsNames && isGuardedName(name)) throw new ToolMistake(`It holds "${name}", which stays.`);
      if (!desk.asksForReading || kind !== 'file' || GENERATED.test(path)) return;
      const stamp = await withFileIn(folder, name, (_, stats) => Promise.resolve(stampOf(stats)));
      if (desk.reads.judge(join(located.path, path), stamp) !== 'known') unread.push(join(located.path, path));
    },
  });
  if (!isWhole) throw new ToolMistake(`It holds more than ${MAX_WALKED} entries. Delete parts of it.`);
  if (unread.length === 0) return;
  const names = unread.slice(0, MAX_NAMED).map((path) => show(desk, path));
  const more = unread.length > names.length ? ` and ${unread.length - names.length} more` : '';
  throw new ToolMistake(`Read every file in it before you delete it. Not read: ${names.join(', ')}${more}.`);
}

async function isFolder(located: Located): Promise<boolean> {
  const name = located.names.at(-1);
  if (name === undefined) return true;
  return inFolder(located.folder, located.names.slice(0, -1), async (folder) =>
    (await lstat(folder.at(name))).isDirectory(),
  );
}
