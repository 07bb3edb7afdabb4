import { writeBytes } from '../../workspace/file-access.ts';
import { defineTool, textArg } from '../define-tool.ts';
import type { Tool } from '../tool.ts';
import { demandKnown, locateFor, show, type FileDesk } from './file-desk.ts';
import { previewChange } from './preview-change.ts';

/** `write_file`: makes or replaces a text file. */
export function writeFileTool(desk: FileDesk): Tool {
  return defineTool({
    name: 'write_file',
    description:
      'Writes a text file, with the folders it needs. It replaces what was there; read an existing file first. To change a part, use edit_file.',
    properties: {
      path: { type: 'string', description: 'The file.' },
      content: { type: 'string', description: 'Its whole new text.' },
    },
    required: ['path', 'content'],
    annotations: { destructive: true, idempotent: true },
    pathArguments: [{ name: 'path', use: 'write' }],
    preview: (args, context) => previewChange(desk, args, context, () => textArg(args, 'content')),
    run: async (args, context) => {
      const located = await locateFor(desk, textArg(args, 'path'), 'write', context);
      await demandKnown(desk, located, 'replace');
      const bytes = Buffer.from(textArg(args, 'content'));
      desk.reads.note(located.path, await writeBytes(located, bytes));
      return `${located.exists ? 'Replaced' : 'Made'} ${show(desk, located.path)}, ${bytes.length} bytes.`;
    },
  });
}
