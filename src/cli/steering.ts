import { resolve } from 'node:path';
import { MassgenError } from '../platform/errors.ts';
import type { Steering } from './launch.ts';
import type { CliOptions } from './options.ts';
import type { Streams } from './streams.ts';

/** How long what agents ask waits for a program. */
const ASK_TIMEOUT_SECONDS = 300;

/** How programs step in, by the flags; the inbox is made if it is not there. Rejects with a MassgenError. */
export async function steeringOf(
  { inboxDir, askFiles, askTimeout, commands, question, approve }: CliOptions,
  { stdin }: Pick<Streams, 'stdin'>,
  { cwd, isInteractive }: { cwd: string; isInteractive: boolean },
): Promise<Steering | undefined> {
  if (isInteractive && (askFiles || commands))
    throw new MassgenError(
      'usage',
      '--ask-files and --commands are for runs without the app, where you are asked. Add --automation, --json or --no-display.',
    );
  if (askTimeout !== undefined && !askFiles)
    throw new MassgenError('usage', '--ask-timeout says how long --ask-files waits, and there is no --ask-files.');
  if (commands && question === '-')
    throw new MassgenError('usage', 'The question and the commands cannot both come from standard input.');
  if (approve !== undefined && (isInteractive || askFiles || commands))
    throw new MassgenError(
      'usage',
      '--approve is for runs in which nobody can be asked, so it does not go with the app, --ask-files or --commands.',
    );
  if (inboxDir === undefined && !askFiles && !commands && approve === undefined) return undefined;
  return {
    ...(inboxDir !== undefined && {
      inboxDir: await import('../headless/steer/inbox.ts').then(({ openInbox }) => openInbox(resolve(cwd, inboxDir))),
    }),
    ...(askFiles && { askFilesMs: (askTimeout ?? ASK_TIMEOUT_SECONDS) * 1000 }),
    ...(commands && { commandLines: stdin }),
    ...(approve && { unattended: approve }),
  };
}
