import type { Tool } from '../tool.ts';
import { deleteFileTool } from './delete-file.ts';
import { diffFilesTool } from './diff-files.ts';
import { editFileTool, multiEditTool } from './edit-file.ts';
import type { FileDesk } from './file-desk.ts';
import { listFilesTool } from './list-files.ts';
import { copyFileTool, moveFileTool } from './move-file.ts';
import { readFileTool } from './read-file.ts';
import { codeSearchTools } from './search-code.ts';
import { searchFilesTool } from './search-files.ts';
import { writeFileTool } from './write-file.ts';

/** Also what needs a package that may not be there. */
export async function allFileTools(desk: FileDesk): Promise<Tool[]> {
  return [...fileTools(desk), ...(await codeSearchTools(desk))];
}

/** Everything that an agent with a workspace can do with files. */
export function fileTools(desk: FileDesk): Tool[] {
  return [
    readFileTool(desk),
    listFilesTool(desk),
    searchFilesTool(desk),
    writeFileTool(desk),
    editFileTool(desk),
    multiEditTool(desk),
    copyFileTool(desk),
    moveFileTool(desk),
    deleteFileTool(desk),
    diffFilesTool(desk),
  ];
}
