import type { TeamSpec } from '../config/team.ts';
import type { LaunchRecord } from '../engine/launch-record.ts';
import { isBuiltIn, launchTeam, resumeTeam } from '../engine/launch-team.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { keepRunFiles, type RunFiles } from '../headless/run-files.ts';
import { runsFolder } from '../platform/paths.ts';

export { isBuiltIn };

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
  /** Told, in a full sentence, what went wrong beside the run. */
  onProblem: (message: string) => void;
}

export interface LaunchedRun {
  handle: RunHandle;
  files: RunFiles;
}

/** Starts a run on a new log, and keeps the files beside it. Rejects with a MassgenError when no log can be made. */
export async function launch({ onProblem, ...request }: Launch, question: string): Promise<LaunchedRun> {
  const { handle, clock } = await launchTeam({ ...request, runsDir: runsFolder(request.cwd) }, question);
  return { handle, files: keepRunFiles(handle, { clock, onProblem }) };
}

/** Goes on with the run in `dir`, and keeps the files beside it. Rejects with a MassgenError when that is not possible. */
export async function resume(
  { onProblem, ...request }: Launch,
  dir: string,
  record: LaunchRecord,
): Promise<LaunchedRun> {
  const { handle, clock } = await resumeTeam(request, dir, record);
  return { handle, files: keepRunFiles(handle, { clock, onProblem }) };
}
