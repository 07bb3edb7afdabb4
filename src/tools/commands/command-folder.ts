import { stat } from 'node:fs/promises';
import { ToolMistake } from '../define-tool.ts';
import { locateFor, show, type FileDesk } from '../files/file-desk.ts';
import type { ToolContext } from '../tool.ts';

/** The folder that a command is to run in, absolute. Rejects with a ToolMistake unless it is one in the workspace. */
export async function commandFolder(desk: FileDesk, workDir: string, context: ToolContext): Promise<string> {
  const { path, grant } = await locateFor(desk, workDir || '.', 'read', context);
  if (grant.root !== desk.files.workspace) throw new ToolMistake('Commands run in your workspace only.');
  const stats = await stat(path).catch(() => null);
  if (stats?.isDirectory()) return path;
  const what = stats ? `${show(desk, path)} is no folder` : `there is no folder ${show(desk, path)}`;
  throw new ToolMistake(`The command was not run: ${what}.`);
}
