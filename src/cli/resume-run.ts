import { basename } from 'node:path';
import { loadEnv } from '../config/env.ts';
import { foldEvents, isOver } from '../coordination/apply.ts';
import type { RunState } from '../coordination/state.ts';
import { readLaunchRecord } from '../engine/launch-record.ts';
import { isWorkedOn } from '../engine/worked-on.ts';
import { createRealClock } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import { EXIT, MassgenError, messageOf, type ExitCode } from '../platform/errors.ts';
import { massgenHome } from '../platform/paths.ts';
import { readAll } from '../runlog/read-run-log.ts';
import { listRunFolders } from '../sessions/find-run.ts';
import { rebuildTeam } from '../sessions/rebuild-team.ts';
import { createSessionStore } from '../sessions/session-store.ts';
import { openThread, type SessionThread } from '../sessions/session-thread.ts';
import type { CommandContext } from './command-context.ts';
import { resume, type Launch } from './launch.ts';
import type { CliOptions } from './options.ts';
import { formatOf, isInteractive } from './screen.ts';
import { steeringOf } from './steering.ts';
import { warner } from './warner.ts';

/** Goes on with the latest run of this folder that can go on. Throws a MassgenError when there is none. */
export async function resumeLatest(options: CliOptions, context: CommandContext): Promise<ExitCode> {
  const { cwd } = context.environment;
  for (const dir of await listRunFolders(cwd)) {
    // A run whose log cannot be read is told of when it is asked for by name.
    const state = await stateOf(dir).catch(() => null);
    if (state && !isOver(state) && !(await isWorkedOn(dir, state))) return resumeRunIn(dir, options, context, false);
  }
  throw new MassgenError('no-run', `No run in ${cwd} was cut off or cancelled. "massgen runs" lists those there are.`);
}

/**
 * Goes on with the run in `dir`, with its screen or without. Throws a MassgenError when it is over, when another process
 * works on it (unless forced), or when its team cannot be made again.
 */
export async function resumeRunIn(
  dir: string,
  options: CliOptions,
  context: CommandContext,
  isForced: boolean,
): Promise<ExitCode> {
  const { environment, streams, version } = context;
  const state = await stateOf(dir);
  const id = basename(dir);
  if (isOver(state)) {
    const why = `The run ${id} is over (${state.end?.outcome ?? ''}), so there is nothing to go on with.`;
    throw new MassgenError('run-over', `${why} "massgen inspect ${id}" shows what it came to.`);
  }
  if (!isForced && (await isWorkedOn(dir, state))) {
    throw new MassgenError(
      'run-busy',
      `Another process seems to be working on the run ${id}. Wait for its end, or take it over with --force.`,
      { exitCode: EXIT.execution },
    );
  }
  const record = await readLaunchRecord(dir);
  const warn = warner(streams);
  const { env, warnings } = await loadEnv({ cwd: record.cwd, home: environment.home, env: environment.variables });
  warnings.forEach(warn);
  const infos = state.order.flatMap((alias) => state.agents[alias]?.info ?? []);
  const team = await rebuildTeam(record.origin, infos, { env, cwd: record.cwd });
  const steering = await steeringOf(options, streams, {
    cwd: environment.cwd,
    isInteractive: isInteractive(options, environment),
  });
  const request: Launch = {
    team,
    seed: undefined,
    speed: options.speed ?? record.speed,
    cwd: record.cwd,
    variables: env,
    version,
    home: environment.home,
    rateLimit: options.rateLimit,
    onProblem: warn,
    ...(steering && { steering }),
  };
  const begin = (onProblem: Launch['onProblem'], isAttended = false): ReturnType<typeof resume> =>
    resume({ ...request, onProblem, isAttended }, dir, record);
  const learning = await import('./learn-pick.ts').then((module) =>
    module.learningOf({ id, dir }, environment, warn).catch((error: unknown) => (warn(messageOf(error)), null)),
  );
  if (!isInteractive(options, environment)) {
    const { runHeadless } = await import('./headless.ts');
    const code = await runHeadless(() => begin(warn), formatOf(options), streams);
    await learning?.collect();
    return code;
  }
  const { runInteractive } = await import('./interactive.ts');
  const code = await runInteractive({
    options,
    choice: { type: 'team', team, seed: null, theme: null, sessionId: null },
    surroundings: { cwd: record.cwd, home: environment.home, env, warn },
    request: (chosen, seed) => ({ ...request, team: chosen, seed: seed ?? undefined }),
    environment,
    streams,
    // What is asked after this run belongs to its session too.
    thread: state.session === null ? null : threadOf(state.session, record.cwd, environment),
    resumed: { question: state.question, begin: (onProblem) => begin(onProblem, true) },
  });
  await learning?.collect();
  return code;
}

function threadOf(id: string, cwd: string, environment: Environment): SessionThread {
  const store = createSessionStore(massgenHome(environment));
  return openThread({ store, id, cwd, now: createRealClock().now() });
}

async function stateOf(dir: string): Promise<RunState> {
  const state = foldEvents(await readAll(dir));
  if (state) return state;
  throw new MassgenError('empty-run', `The run in ${dir} has no event, so there is nothing to go on with.`);
}
