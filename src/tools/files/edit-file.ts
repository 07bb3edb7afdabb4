import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import { writeBytes } from '../../workspace/file-access.ts';
import { defineTool, textArg, ToolMistake } from '../define-tool.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { demandKnown, locateFor, show, type FileDesk } from './file-desk.ts';
import { previewChange } from './preview-change.ts';
import { readText } from './text-content.ts';

export interface Edit {
  oldText: string;
  newText: string;
  replaceAll: boolean;
}

const EDIT_PROPERTIES: JsonObject = {
  old_text: { type: 'string', minLength: 1, description: 'The text to replace, exactly as in the file.' },
  new_text: { type: 'string', description: 'What it becomes.' },
  replace_all: { type: 'boolean', description: 'Replace every occurrence; otherwise there must be exactly one.' },
};

/** `edit_file`: one exact replacement. */
export function editFileTool(desk: FileDesk): Tool {
  return defineTool({
    name: 'edit_file',
    description: 'Replaces a text in a file that you have read. The old text must occur exactly once.',
    properties: { path: { type: 'string', description: 'The file.' }, ...EDIT_PROPERTIES },
    required: ['path', 'old_text', 'new_text'],
    annotations: { destructive: true },
    pathArguments: [{ name: 'path', use: 'write' }],
    preview: (args, context) => previewChange(desk, args, context, (text) => applyEdits(text, [editOf(args)]).text),
    run: (args, context) => editFile(desk, textArg(args, 'path'), [editOf(args)], context),
  });
}

/** `multi_edit`: several exact replacements in one file, all or none. */
export function multiEditTool(desk: FileDesk): Tool {
  return defineTool({
    name: 'multi_edit',
    description: 'Makes several replacements in a file that you have read, one after the other; all of them or none.',
    properties: {
      path: { type: 'string', description: 'The file.' },
      edits: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: EDIT_PROPERTIES,
          required: ['old_text', 'new_text'],
          additionalProperties: false,
        },
      },
    },
    required: ['path', 'edits'],
    annotations: { destructive: true },
    pathArguments: [{ name: 'path', use: 'write' }],
    preview: (args, context) => previewChange(desk, args, context, (text) => applyEdits(text, editsOf(args)).text),
    run: (args, context) => editFile(desk, textArg(args, 'path'), editsOf(args), context),
  });
}

function editsOf({ edits }: JsonObject): Edit[] {
  return Array.isArray(edits) ? edits.map(editOf) : [];
}

function editOf(value: JsonValue): Edit {
  const args = isJsonObject(value) ? value : {};
  return {
    oldText: textArg(args, 'old_text'),
    newText: textArg(args, 'new_text'),
    replaceAll: args['replace_all'] === true,
  };
}

async function editFile(desk: FileDesk, path: string, edits: readonly Edit[], context: ToolContext): Promise<string> {
  const located = await locateFor(desk, path, 'write', context);
  await demandKnown(desk, located, 'change');
  const { text } = await readText(located);
  const { text: changed, count } = applyEdits(text, edits);
  desk.reads.note(located.path, await writeBytes(located, Buffer.from(changed)));
  return `Changed ${show(desk, located.path)} in ${count} ${count === 1 ? 'place' : 'places'}.`;
}

/** Pure. Throws a ToolMistake that names the first edit that does not fit. */
export function applyEdits(text: string, edits: readonly Edit[]): { text: string; count: number } {
  let count = 0;
  edits.forEach(({ oldText, newText, replaceAll }, index) => {
    const which = edits.length > 1 ? `Edit ${index + 1}: the` : 'The';
    const parts = text.split(oldText);
    const found = parts.length - 1;
    if (found === 0) throw new ToolMistake(`${which} old text does not occur in the file.`);
    if (found > 1 && !replaceAll) {
      throw new ToolMistake(
        `${which} old text occurs ${found} times. Give more of what is around it, or set replace_all.`,
      );
    }
    count += found;
    text = parts.join(newText);
  });
  return { text, count };
}
