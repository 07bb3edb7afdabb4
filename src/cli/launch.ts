import { basename } from 'node:path';
import type { Unattended } from '../config/permission-needs.ts';
import type { TeamSpec } from '../config/team.ts';
import { mentionedFiles } from '../engine/input-files.ts';
import type { LaunchRecord } from '../engine/launch-record.ts';
import { launchTeam, resumeTeam } from '../engine/launch-team.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { keepRunFiles, type RunFiles } from '../headless/run-files.ts';
import { runsFolder } from '../platform/paths.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/errors.ts';
import type { SessionThread } from '../sessions/session-thread.ts';

/** A team and how it is to be run. */
export interface Launch {
  team: TeamSpec;
  /** Undefined draws one. */
  seed: number | undefined;
  /** Pace of built-in agents; models keep their own. */
  speed: number;
  cwd: string;
  /** The whole environment, so that no secret of it is ever logged. */
  variables: Readonly<Record<string, string | undefined>>;
  version: string;
  /** The user's home folder: for rate limits of the user's own, and to count requests per day across runs. */
  home?: string;
  /** Also the built-in rate limits (`--rate-limit`). */
  rateLimit?: boolean;
  /** Told, in a full sentence, what went wrong beside the run. */
  onProblem: (message: string) => void;
  /** The session that the run is a turn of; none for a run that goes on, which is in one already. */
  thread?: SessionThread;
  /** Somebody sits at the app and answers what agents ask; absent is nobody. */
  isAttended?: boolean;
  /** How programs step in. */
  steering?: Steering;
}

/** How other programs than the app step into a run; what is absent is not possible. */
export interface Steering {
  /** A folder that they put commands into, as `openInbox` tells it. */
  inboxDir?: string;
  /** What agents ask waits in files, for so long. */
  askFilesMs?: number;
  /** What takes the place of a person. */
  unattended?: Unattended;
  /** Where commands come from, one per line. */
  commandLines?: NodeJS.ReadableStream;
}

export interface LaunchedRun {
  handle: RunHandle;
  files: RunFiles;
}

/** Starts a run on a new log, and keeps the files beside it. Rejects with a MassgenError when no log can be made. */
export async function launch(request: Launch, question: string): Promise<LaunchedRun> {
  const { onProblem, thread } = request;
  const past = await thread?.past();
  const runsDir = runsFolder(request.cwd);
  const isAttended = isSomebodyThere(request);
  // Only here, where the user's own words are at hand: a question from elsewhere must not open files of this machine.
  const now = await mentionedFiles(question, request.cwd);
  const earlier = (await thread?.inputs()) ?? [];
  const mentioned = [...earlier.filter(({ name }) => !now.some(({ path }) => basename(path) === name)), ...now];
  const { handle, clock } = await launchTeam(
    {
      ...request,
      isAttended,
      ...unattendedOf(request),
      mentioned,
      ...(past && { past }),
      runsDir,
      // The answer does not depend on the list of sessions.
      ...(thread && { onFolder: (run) => thread.add(run).catch((error: unknown) => onProblem(messageOf(error))) }),
    },
    question,
  );
  return { handle, files: followBeside(handle, clock, request) };
}

/** Goes on with the run in `dir`, and keeps the files beside it. Rejects with a MassgenError when that is not possible. */
export async function resume(request: Launch, dir: string, record: LaunchRecord): Promise<LaunchedRun> {
  const { handle, clock } = await resumeTeam(
    { ...request, isAttended: isSomebodyThere(request), ...unattendedOf(request) },
    dir,
    record,
  );
  return { handle, files: followBeside(handle, clock, request) };
}

function unattendedOf({ steering }: Launch): { unattended?: Unattended } {
  return steering?.unattended === undefined ? {} : { unattended: steering.unattended };
}

/** The app, or a program that said that it answers. An inbox is no promise that somebody looks. */
function isSomebodyThere({ isAttended = false, steering }: Launch): boolean {
  return isAttended || steering?.askFilesMs !== undefined || steering?.commandLines !== undefined;
}

/** Keeps the files beside a run, and lets programs step in. */
function followBeside(handle: RunHandle, clock: Clock, { onProblem, steering }: Launch): RunFiles {
  const { started, settled } = keepRunFiles(handle, { clock, onProblem });
  if (!steering) return { started, settled };
  const { inboxDir, askFilesMs, commandLines } = steering;
  const beside: Promise<void>[] = [settled];
  if (inboxDir !== undefined)
    beside.push(
      import('../headless/steer/inbox.ts').then((m) => m.keepInbox(handle, { dir: inboxDir, clock, onProblem })),
    );
  if (askFilesMs !== undefined) {
    const options = { clock, timeoutMs: askFilesMs, onProblem };
    beside.push(import('../headless/steer/answer-files.ts').then((m) => m.keepAnswerFiles(handle, options)));
  }
  if (commandLines)
    beside.push(
      import('../headless/steer/command-lines.ts').then((m) => m.readCommandLines(handle, commandLines, onProblem)),
    );
  return { started, settled: Promise.all(beside).then(() => undefined) };
}
