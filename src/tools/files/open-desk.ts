import { AgentFiles, type WorkingCopy } from '../../workspace/agent-files.ts';
import { resolveContextPaths, type ResolvedContext } from '../../workspace/context-paths.ts';
import type { ToolHostOptions } from '../tool-host-options.ts';
import type { FileDesk } from './file-desk.ts';
import { ReadBook } from './read-book.ts';

/** The files of an agent with a workspace. Rejects with a MassgenError when a context path does not exist. */
export async function openDesk(
  { needs, alias, runDir, runsDir, cwd, clock, earlierFiles: earlier }: ToolHostOptions,
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
    code: needs.code && (await import('../code/shared-folder.ts').then((module) => module.sharedFolder(needs, cwd))),
  });
  return { clock, files, reads: new ReadBook(), asksForReading: needs.asksForReading };
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
