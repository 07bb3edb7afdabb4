import { join } from 'node:path';
import { EXIT, MassgenError } from '../../../platform/errors.ts';
import type { SharedRates } from '../../../providers/limits/shared-rates.ts';
import { createTrialRunner, loadTeam, type TrialSurroundings } from '../../trials/run-trial.ts';
import type { RunTrial } from '../dispatcher.ts';
import { findOwnCopy } from './config-reference.ts';
import type { TrialJob } from './trial-job.ts';

type Here = Omit<TrialSurroundings, 'runsDir' | 'judge' | 'rateLimit' | 'sharedLimits'>;

/** Evaluations that a worker remembers the teams of. */
const MAX_RUNNERS = 64;

/**
 * How jobs are run on this machine: with its own copies of the configs and its own keys. What it returns rejects with a
 * MassgenError when the configs differ, a key is missing, or the versions of the program are not the same.
 */
export function createJobRunners(here: Here): (job: TrialJob, rates: SharedRates) => Promise<RunTrial> {
  const runners = new Map<string, Promise<RunTrial>>();
  return async (job, rates) => {
    if (job.version !== here.version) {
      throw new MassgenError(
        'other-version',
        `This worker is massgen ${here.version}, and the evaluation was started by ${job.version}. Use the same version everywhere.`,
        { exitCode: EXIT.execution },
      );
    }
    const config = await findOwnCopy(job.config, here.cwd);
    const judge = job.judge && (await findOwnCopy(job.judge, here.cwd));
    const key = JSON.stringify([job.runs, job.config, job.judge, job.rateLimit, job.limits]);
    const known = runners.get(key);
    if (known) return known;
    const made = createRunner(job, config, judge, { ...here, sharedLimits: { rates, limits: job.limits } });
    if (runners.size >= MAX_RUNNERS) runners.clear();
    runners.set(key, made);
    // A key that was missing may be there the next time.
    made.catch(() => runners.delete(key));
    return made;
  };
}

async function createRunner(
  job: TrialJob,
  config: string,
  judge: string | null,
  here: Here & Pick<TrialSurroundings, 'sharedLimits'>,
): Promise<RunTrial> {
  for (const each of judge === null ? [config] : [config, judge]) await loadTeam(each, here);
  const runsDir = join(here.cwd, job.runs);
  const runTrial = createTrialRunner({ ...here, runsDir, rateLimit: job.rateLimit, judge });
  return (trial, signal, home) => runTrial({ ...trial, team: { ...trial.team, config } }, signal, home);
}
