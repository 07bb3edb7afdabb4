import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { foldEvents, isOver } from '../../coordination/apply.ts';
import type { RunState } from '../../coordination/state.ts';
import { isBuiltIn } from '../../engine/built-in.ts';
import { launchTeam, resumeTeam, type LaunchedTeam, type TeamLaunch } from '../../engine/launch-team.ts';
import { EXIT, MassgenError } from '../../platform/errors.ts';
import { readAll } from '../../runlog/read-run-log.ts';
import type { TrialHome } from '../dispatch/dispatcher.ts';

/**
 * Begins the run of a trial. Where it has a home, it is begun there, or what was begun there goes on: a run that is over
 * tells its events again, one that was cut off is taken over, so that nothing is paid for twice and whoever had it is
 * refused by its log from now on. Built-in agents cost nothing and forget which replies they have played, so their runs
 * are begun anew; taking the folder away refuses an older writer too. Rejects with a MassgenError.
 */
export async function openRun(
  launch: TeamLaunch,
  question: string,
  home: TrialHome | undefined,
): Promise<LaunchedTeam> {
  if (!home) return launchTeam(launch, question);
  const runsDir = join(launch.runsDir, home.folder);
  const dir = join(runsDir, home.runId);
  const past = await stateIn(dir);
  if (!(await home.isOurs())) {
    throw new MassgenError('trial-taken', 'The trial was given to another worker in the meantime.', {
      exitCode: EXIT.execution,
    });
  }
  if (past && (isOver(past) || !isBuiltIn(launch.team))) {
    return resumeTeam(launch, dir, { cwd: launch.cwd ?? runsDir, speed: launch.speed });
  }
  await rm(dir, { recursive: true, force: true });
  return launchTeam({ ...launch, runsDir, runId: home.runId }, question);
}

/** Null where no run was begun, or none that can be read. */
async function stateIn(dir: string): Promise<RunState | null> {
  return foldEvents(await readAll(dir).catch(() => []));
}
