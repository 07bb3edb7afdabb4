import type { TeamSpec } from '../config/team.ts';
import { isBuiltIn } from '../engine/built-in.ts';
import { createRealClock } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { readText } from '../platform/read-text.ts';
import { openThread } from '../sessions/session-thread.ts';
import { continuedSession, namesTeam, resumeLastOf, sessionStoreOf, teamOfSession } from './continue-session.ts';
import { chooseTeam, withFlags, type Choice, type Surroundings } from './choose-team.ts';
import type { HeadlessFormat } from './headless.ts';
import type { Launch, LaunchedRun } from './launch.ts';
import type { CliOptions } from './options.ts';
import { formatOf, isInteractive } from './screen.ts';
import { steeringOf } from './steering.ts';
import type { Streams } from './streams.ts';
import { unusedFlags } from './unused-flags.ts';
import { warner } from './warner.ts';

/** How long a question that is piped in may take to begin to arrive. */
const PIPE_PATIENCE_MS = 2_000;

/** Does what the command line asks for. Throws a MassgenError for everything that is not possible. */
export async function runCommand(
  options: CliOptions,
  environment: Environment,
  streams: Streams,
  version: string,
): Promise<ExitCode> {
  const warn = warner(streams);
  unusedFlags(options).forEach(warn);
  if (options.validate !== undefined) {
    return (await import('./validate.ts')).validate(options.validate, options, environment.cwd, streams);
  }
  if (options.showSchema) return (await import('./validate.ts')).printSchema(streams);
  if (options.listSessions) {
    const { listSessions } = await import('./list-sessions.ts');
    return listSessions({ all: options.all, json: options.json }, { environment, streams, version });
  }
  if (options.listExamples || options.example !== undefined) {
    const { showExamples } = await import('./massgen-examples.ts');
    return showExamples(options.example, environment, streams);
  }
  const { loadEnv } = await import('../config/env.ts');
  const { env, warnings } = await loadEnv({ cwd: environment.cwd, home: environment.home, env: environment.variables });
  warnings.forEach(warn);
  const surroundings: Surroundings = { cwd: environment.cwd, home: environment.home, env, warn };
  if ((options.init || options.setup) && (!isInteractive(options, environment) || options.agents !== undefined)) {
    const { setUpUnattended } = await import('./unattended-setup.ts');
    return setUpUnattended(options, surroundings, streams);
  }
  const session = await continuedSession(options, environment);
  if (session && options.question === undefined) {
    const code = await resumeLastOf(session, options, { environment, streams, version });
    if (code !== null) return code;
  }
  const former = session && !namesTeam(options) ? await teamOfSession(session, environment) : null;
  const isSetup = options.init || options.setup;
  const isLearnt = options.learn !== undefined || options.arms !== undefined;
  const named = isLearnt
    ? null
    : (former ?? (isSetup ? { type: 'pick' as const } : await chooseTeam(options, surroundings)));
  const base = named?.type === 'team' && named.toLearn ? named : null;
  const choice =
    named !== null && base === null
      ? named
      : await import('./learn-pick.ts').then((m) => m.pickByLearning(options, surroundings, environment, base));
  const thread = openThread({
    store: sessionStoreOf(environment),
    id: session?.id ?? options.sessionId ?? (choice.type === 'team' ? choice.sessionId : null),
    cwd: environment.cwd,
    now: createRealClock().now(),
  });
  const display = choice.type === 'team' && options.display ? choice.display : undefined;
  // A config that wants no app still gets it where there is no question yet.
  const hasApp = isInteractive(options, environment) && (display === undefined || options.question === undefined);
  const steering = await steeringOf(options, streams, { cwd: environment.cwd, isInteractive: hasApp });
  const request = (team: TeamSpec, seed: number | null): Launch => ({
    team: withFlags(team, options),
    seed: options.seed ?? seed ?? undefined,
    speed: options.speed ?? 1,
    cwd: environment.cwd,
    variables: env,
    version,
    home: environment.home,
    rateLimit: options.rateLimit,
    onProblem: warn,
    thread,
    ...(steering && { steering }),
  });
  if (options.speed !== undefined && choice.type === 'team' && !isBuiltIn(choice.team)) {
    warn('--speed has no effect: it sets the pace of built-in agents only.');
  }
  if (hasApp) {
    const { runInteractive } = await import('./interactive.ts');
    return runInteractive({ options, choice, surroundings, request, environment, streams, thread });
  }
  return runWithoutScreen(options, choice, surroundings, request, streams, formatOf(options, display));
}

async function runWithoutScreen(
  options: CliOptions,
  choice: Choice,
  surroundings: Surroundings,
  request: (team: TeamSpec, seed: number | null) => Launch,
  streams: Streams,
  format: HeadlessFormat,
): Promise<ExitCode> {
  const asked = await readQuestion(options, choice, streams);
  const { team, seed, question } = await import('./pick-unattended.ts').then((module) =>
    module.pickUnattended(choice, asked, surroundings),
  );
  const { runHeadless } = await import('./headless.ts');
  const { launch } = await import('./launch.ts');
  const learning = choice.type === 'team' ? choice.learning : undefined;
  const begin = async (): Promise<LaunchedRun> => {
    const run = await launch(request(team, seed), question);
    await learning?.began(run.handle);
    return run;
  };
  const code = await runHeadless(begin, format, streams);
  await learning?.collect();
  return code;
}

/** The question of the command line, or what is piped in. Null when there is none. */
async function readQuestion(options: CliOptions, choice: Choice, { stdin }: Streams): Promise<string | null> {
  const given = options.question?.trim();
  if (given && given !== '-') return given;
  const mayBePiped = given === '-' || (choice.type === 'team' && !options.demo && !options.commands && !stdin.isTTY);
  if (!mayBePiped) return null;
  const text = (await readText(stdin, given === '-' ? 3_600_000 : PIPE_PATIENCE_MS))?.trim() ?? '';
  if (text) return text;
  throw new MassgenError(
    'no-question',
    'There is no question: none on the command line, and nothing came on standard input.',
    { exitCode: EXIT.config },
  );
}
