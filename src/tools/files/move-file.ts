import { readBytes, removeAt, writeBytes } from '../../workspace/file-access.ts';
import { defineTool, textArg, ToolMistake } from '../define-tool.ts';
import type { Tool } from '../tool.ts';
import { demandKnown, locateFor, show, type FileDesk } from './file-desk.ts';
import { previewChange } from './preview-change.ts';
import { readText } from './text-content.ts';

/** Larger files are copied by commands. */
const MAX_BYTES = 100 * 1024 * 1024;

/** Files of answers are read-only; copies of them are not. */
const OWN_WRITE = 0o200;

const PROPERTIES = {
  source: { type: 'string', description: 'The file.' },
  destination: { type: 'string', description: 'Where it goes: the new path of the file itself.' },
};

/** `copy_file`: also from another agent's folder, and binary files. */
export function copyFileTool(desk: FileDesk): Tool {
  return defineTool({
    name: 'copy_file',
    description: 'Copies a file, for example from the folder of an answer that you see into your workspace.',
    properties: PROPERTIES,
    required: ['source', 'destination'],
    annotations: { destructive: true, idempotent: true },
    pathArguments: [
      { name: 'source', use: 'read' },
      { name: 'destination', use: 'write' },
    ],
    preview: async (args, context) => {
      const { text } = await readText(await locateFor(desk, textArg(args, 'source'), 'read', context));
      return previewChange(desk, { path: textArg(args, 'destination') }, context, () => text);
    },
    run: async (args, context) => {
      const source = await locateFor(desk, textArg(args, 'source'), 'read', context);
      const destination = await locateFor(desk, textArg(args, 'destination'), 'write', context);
      await demandKnown(desk, destination, 'replace');
      const { bytes, mode } = await readBytes(source, MAX_BYTES);
      const stamp = await writeBytes(destination, bytes, mode | OWN_WRITE);
      // Whoever knows the source knows the copy; whoever does not has made the copy all the same.
      desk.reads.note(destination.path, stamp);
      return `Copied to ${show(desk, destination.path)}, ${bytes.length} bytes.`;
    },
  });
}

/** `move_file`: the source must be a file that the agent may delete. */
export function moveFileTool(desk: FileDesk): Tool {
  return defineTool({
    name: 'move_file',
    description: 'Moves or renames a file that you have read or made.',
    properties: PROPERTIES,
    required: ['source', 'destination'],
    annotations: { destructive: true },
    pathArguments: [
      { name: 'source', use: 'delete' },
      { name: 'destination', use: 'write' },
    ],
    preview: async (args, context) => {
      const source = await locateFor(desk, textArg(args, 'source'), 'delete', context);
      const destination = await locateFor(desk, textArg(args, 'destination'), 'write', context);
      const names = `rename from ${show(desk, source.path)}\nrename to ${show(desk, destination.path)}\n`;
      if (!destination.exists) return names;
      const { text } = await readText(source);
      return names + (await previewChange(desk, { path: textArg(args, 'destination') }, context, () => text));
    },
    run: async (args, context) => {
      const source = await locateFor(desk, textArg(args, 'source'), 'delete', context);
      const destination = await locateFor(desk, textArg(args, 'destination'), 'write', context);
      if (source.path === destination.path) throw new ToolMistake('Source and destination are the same file.');
      await demandKnown(desk, source, 'move');
      await demandKnown(desk, destination, 'replace');
      const { bytes, mode } = await readBytes(source, MAX_BYTES);
      desk.reads.note(destination.path, await writeBytes(destination, bytes, mode));
      await removeAt(source);
      desk.reads.forget(source.path);
      return `Moved to ${show(desk, destination.path)}.`;
    },
  });
}
