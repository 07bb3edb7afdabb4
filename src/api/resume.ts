import { basename, resolve as resolvePath } from 'node:path';
import { foldEvents, isOver } from '../coordination/apply.ts';
import type { TeamSpec } from '../config/team.ts';
import { readLaunchRecord } from '../engine/launch-record.ts';
import { resumeTeam } from '../engine/launch-team.ts';
import { isWorkedOn } from '../engine/worked-on.ts';
import { MassgenError } from '../platform/errors.ts';
import { readAll } from '../runlog/read-run-log.ts';
import { rebuildTeam } from '../sessions/rebuild-team.ts';
import { wrongOption } from './check-options.ts';
import { chooseTeam } from './choose-team.ts';
import type { RunOptions } from './run-options.ts';
import type { RunStream } from './run-stream.ts';
import { startTeam, streamOf } from './start-team.ts';
import { findSurroundings } from './surroundings.ts';
import type { TeamSource } from './team-source.ts';

/** How a run is taken up again. The team need only be named where it was made by the program itself (`configObject`). */
export type ResumeOptions = TeamSource &
  Pick<RunOptions, 'cwd' | 'env' | 'signal' | 'onEvent' | 'onProblem' | 'isAttended' | 'speed'>;

/**
 * Goes on with a run that was cancelled, or whose program came to a sudden end, from its folder (`runDir`). What was
 * answered, voted and paid for stays. Returns at once; `result` rejects with a MassgenError when the run is over, another
 * process works on it, or its team cannot be made again. Events are told from the first one on.
 */
export function resume(runDir: string, options: ResumeOptions = {}): RunStream {
  const wrong = wrongOption(options);
  if (wrong) return startTeam(Promise.reject(wrong), {});
  return streamOf(async (refuseCancelled) => {
    const surroundings = await findSurroundings(options);
    const dir = resolvePath(surroundings.cwd, runDir);
    const state = foldEvents(await readAll(dir));
    if (!state)
      throw new MassgenError('empty-run', `The run in ${dir} has no event, so there is nothing to go on with.`);
    if (isOver(state))
      throw new MassgenError('run-over', `The run ${basename(dir)} is over (${state.end?.outcome ?? ''}).`);
    const record = await readLaunchRecord(dir).catch((error: unknown) => {
      if (isTeamNamed(options)) return null;
      throw error;
    });
    if (await isWorkedOn(dir, state))
      throw new MassgenError(
        'run-busy',
        `Somebody is working on the run ${basename(dir)}: this program or another one.`,
      );
    const infos = state.order.flatMap((alias) => state.agents[alias]?.info ?? []);
    const cwd = record?.cwd ?? surroundings.cwd;
    const rebuilt = async (): Promise<TeamSpec> => {
      if (record && !isTeamNamed(options)) return rebuildTeam(record.origin, infos, { env: surroundings.env, cwd });
      return (await chooseTeam(options, {}, surroundings)).team;
    };
    const team = await rebuilt();
    refuseCancelled();
    const speed = options.speed ?? record?.speed ?? Infinity;
    const { onProblem, isAttended = false } = options;
    const launch = { team, speed, variables: surroundings.env, home: surroundings.home, isAttended };
    const run = await resumeTeam({ ...launch, ...(onProblem && { onProblem }) }, dir, record ?? { cwd, speed });
    return { ...run, session: state.session };
  }, options);
}

function isTeamNamed({ config, configObject, model, models, agents, backend, demo }: TeamSource): boolean {
  return demo === true || [config, configObject, model, models, agents, backend].some((each) => each !== undefined);
}
