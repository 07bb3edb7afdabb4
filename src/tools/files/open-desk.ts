import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ToolNeeds } from '../../config/tool-needs.ts';
import { AgentFiles, type WorkingCopy } from '../../workspace/agent-files.ts';
import { resolveContextPaths, type ResolvedContext } from '../../workspace/context-paths.ts';
import type { KeptPlace } from '../../workspace/docker/session-container.ts';
import type { ToolHostOptions } from '../tool-host-options.ts';
import type { FileDesk } from './file-desk.ts';
import { ReadBook } from './read-book.ts';

/** The files of an agent with a workspace. Rejects with a MassgenError when a context path does not exist. */
export async function openDesk(
  { needs, alias, runDir, runsDir, cwd, clock, earlierFiles: earlier, container }: ToolHostOptions,
  copy: WorkingCopy | undefined,
  problems: string[],
): Promise<FileDesk> {
  const contexts = await resolveContextPaths(needs.contextPaths, cwd, (problem) => problems.push(problem));
  const files = await AgentFiles.create({
    runDir,
    runsDir,
    alias,
    contexts: copy ? besideCopy(contexts, copy, problems) : contexts,
    earlier,
    copy,
    elsewhere: await workspaceOf(needs, container, runDir, alias),
    code: needs.code && (await import('../code/shared-folder.ts').then((module) => module.sharedFolder(needs, cwd))),
  });
  return { clock, files, reads: new ReadBook(), asksForReading: needs.asksForReading };
}

/** Where the agent's container stays for the session, it has been made with the folder of the agent's workspaces. */
async function workspaceOf(
  { docker }: ToolNeeds,
  container: KeptPlace | undefined,
  runDir: string,
  alias: string,
): Promise<{ workspace: string; closed: string } | undefined> {
  if (!container || !docker || docker.keptMs === null) return undefined;
  const { keptWorkspace } = await import('../../workspace/docker/session-keep.ts');
  const workspace = await keptWorkspace(container.folder, runDir, alias);
  return workspace === null ? undefined : { workspace, closed: await realpath(dirname(container.folder)) };
}

/** Who works on a copy gets at the original in no way, and writes to no other place of the user's. */
function besideCopy(
  contexts: readonly ResolvedContext[],
  { original }: WorkingCopy,
  problems: string[],
): ResolvedContext[] {
  return contexts
    .filter(({ root }) => root !== original)
    .map((context) => {
      if (context.permission === 'write') {
        problems.push(
          `${context.root} is read-only in this run: with write_mode agents change ${original} only, in copies of it.`,
        );
      }
      return { ...context, permission: 'read' };
    });
}
