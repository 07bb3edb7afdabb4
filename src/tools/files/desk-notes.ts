import type { AgentFiles } from '../../workspace/agent-files.ts';
import type { FileDesk } from './file-desk.ts';

function copyNotes({ copyOf }: AgentFiles): string[] {
  if (!copyOf) return [];
  const git =
    copyOf.kind === 'worktree'
      ? ' It is a git worktree: git log, status and diff work; there is no need to commit.'
      : '';
  return [
    `Your workspace is a copy of the user's folder ${copyOf.original}, for you to change.${git} What the chosen answer's copy has changed is shown to the user, who decides what is written to the folder itself; nobody writes there now.`,
  ];
}

/** What an agent is told about its folders. Says the same for the whole run, so that prompt caches hit. */
export function deskNotes({ files }: FileDesk): string {
  const contexts = files
    .grants({ mayWriteContext: true, labels: [] })
    .filter(
      ({ root, mode }) =>
        mode !== 'none' && root !== files.workspace && root !== files.earlier && !root.startsWith(files.runDir),
    )
    .map(({ root, mode, isFile }) => {
      const what = mode === 'write' ? 'read; whoever presents the final answer may also write' : 'read';
      return `- ${root}${isFile ? '' : '/'} (${what})`;
    });
  return [
    ...copyNotes(files),
    `Your workspace is ${files.workspace}/. It is yours alone; relative paths start there. When you hand in an answer, a copy of it is kept, and the others can read that copy.`,
    `The files of an answer that you have been shown are in ${files.snapshots}/ under the label of the answer, for example ${files.snapshots}/agent2.1/. You may read them only.`,
    ...(files.earlier === null
      ? []
      : [
          `The files that came with the last answer of the conversation are in ${files.earlier}/. You may read them only.`,
        ]),
    ...(contexts.length > 0 ? [`The user has given these places:\n${contexts.join('\n')}`] : []),
  ].join('\n');
}
