import type { TeamSpec } from '../config/team.ts';
import { isBuiltIn } from '../engine/built-in.ts';
import type { RunOutcome } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';
import type { RunFiles } from '../headless/run-files.ts';
import { CAST_VARIABLE, castOutput } from '../platform/cast-output.ts';
import { createRealClock } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { keepHeapSmall } from '../platform/small-heap.ts';
import { massgenHome } from '../platform/paths.ts';
import { finalAnswerText, runTui } from '../tui/run-tui.ts';
import { createSessionStore } from '../sessions/session-store.ts';
import type { SessionThread } from '../sessions/session-thread.ts';
import type { SetupPort } from '../tui/setup.ts';
import type { TeamChoice, TeamSummary } from '../tui/teams.ts';
import type { Choice, Surroundings } from './choose-team.ts';
import type { Launch, LaunchedRun } from './launch.ts';
import type { RunLearning } from './learn-run.ts';
import type { CliOptions } from './options.ts';
import { loadUserKeys } from './load-keys.ts';
import { rememberedTheme } from './remembered-theme.ts';
import { createSessionPort, type CurrentSession } from './session-port.ts';
import type { Streams } from './streams.ts';
import { createTuiPorts } from './tui-ports.ts';

export interface Interactive {
  options: CliOptions;
  choice: Choice;
  surroundings: Surroundings;
  request: (team: TeamSpec, seed: number | null) => Launch;
  environment: Environment;
  streams: Streams;
  /** The session that was named, whose earlier questions are there to look at. */
  thread?: SessionThread | null;
  /** A run that goes on when the app opens; later questions begin new ones. */
  resumed?: { question: string; begin: (onProblem: Launch['onProblem']) => Promise<LaunchedRun> };
}

/** A team that was chosen, with the seed that its config names. */
interface Chosen {
  team: TeamSpec;
  seed: number | null;
}

/** Opens the app, and afterwards prints the last answer to the normal screen, where it stays. */
export async function runInteractive({
  options,
  choice,
  surroundings,
  request,
  environment,
  streams,
  resumed,
  thread = null,
}: Interactive): Promise<ExitCode> {
  const clock = createRealClock();
  let chosen: Chosen | null = choice.type === 'team' ? choice : null;
  let isSetup = options.init || options.setup;
  let teams: TeamChoice[] = [];
  let question = resumed?.question ?? (options.question?.trim() || null);
  let beginFirst = resumed?.begin ?? null;
  const learning = choice.type === 'team' ? choice.learning : undefined;
  const choose = (next: Chosen): TeamSummary => {
    chosen = next;
    return summaryOf(next.team);
  };
  if (!chosen && !isSetup) {
    const { listTeams } = await import('./list-teams.ts');
    teams = await listTeams(options, surroundings, choose);
    // Nothing is configured and nobody has a key.
    isSetup = teams.length === 0;
  }
  const isSequel = options.continue || options.sessionId !== undefined;
  if (chosen && question === null && !isSequel && isDemo(chosen.team))
    question = (await import('./pick-unattended.ts')).DEFAULT_PUZZLE;

  const current: CurrentSession = { thread };
  const files: RunFiles[] = [];
  const problems: string[] = [];
  const start = async (asked: string): Promise<RunHandle> => {
    const onProblem = (problem: string): void => void problems.push(problem);
    if (beginFirst) {
      const first = await beginFirst(onProblem);
      beginFirst = null;
      files.push(first.files);
      return first.handle;
    }
    if (!chosen) throw new MassgenError('no-team', 'Choose a team first.');
    const seed = isDemo(chosen.team) ? await demoSeed(chosen, asked) : chosen.seed;
    const base = request(chosen.team, seed);
    current.thread ??= base.thread ?? null;
    const turn = current.thread ? { thread: current.thread } : {};
    // The engine is half of the program, and the first picture need not wait for it.
    const { launch } = await import('./launch.ts');
    const run = await launch({ ...base, ...turn, onProblem, isAttended: true }, asked);
    files.push(run.files);
    // Another team may have been chosen since.
    if (chosen === choice) await learning?.began(run.handle, onProblem);
    return run.handle;
  };
  const keys = await loadUserKeys(environment);
  const setup = async (): Promise<SetupPort> => {
    const { createSetupPort } = await import('./setup-port.ts');
    return createSetupPort({ options, environment, surroundings, clock, isKeysOnly: options.setup, choose });
  };
  const stopWatching = keepHeapSmall(clock);
  const castPath = environment.variables[CAST_VARIABLE];
  const stdout = castPath ? castOutput(streams.stdout, castPath) : streams.stdout;
  const result = await runTui({
    stdin: streams.stdin,
    stdout,
    env: environment.variables,
    clock,
    theme: await themeOf(options, choice, environment),
    economy: options.economy,
    ascii: options.ascii || !environment.terminal.isUtf8,
    reducedMotion: options.reducedMotion,
    team: chosen && summaryOf(chosen.team, learning),
    teams,
    question,
    start,
    ports: {
      ...createTuiPorts(environment, clock),
      describeConfig: async () =>
        chosen &&
        (await import('./describe-config.ts')).describeConfig(
          chosen.team,
          surroundings.env,
          chosen === choice ? learning?.line : undefined,
        ),
      sessions: createSessionPort({ store: createSessionStore(massgenHome(environment)), environment, clock, current }),
      listTeams: async () => {
        const { listTeams } = await import('./list-teams.ts');
        return listTeams({ ...options, select: true }, surroundings, choose);
      },
    },
    setup,
    isSetup,
    ...keys,
  }).finally(stopWatching);
  await Promise.all(files.map((each) => each.settled));
  for (const problem of problems) surroundings.warn(problem);
  await learning?.collect();
  streams.stdout.write(finalAnswerText(result));
  if (result.exitReason === 'interrupted') return EXIT.interrupted;
  const outcome = result.lastOutcome;
  return outcome === null ? EXIT.ok : EXIT_OF[outcome];
}

const EXIT_OF: Record<RunOutcome, ExitCode> = {
  answered: EXIT.ok,
  failed: EXIT.execution,
  'timed-out': EXIT.timeout,
  cancelled: EXIT.interrupted,
};

function summaryOf(team: TeamSpec, learning?: RunLearning): TeamSummary {
  const isModel = !isBuiltIn(team);
  const name = learning ? `${team.name}: ${learning.pickWords}` : team.name;
  return { name, agents: team.agents.map(({ id, backend }) => ({ id, model: backend.model, isModel })) };
}

function isDemo(team: TeamSpec): boolean {
  return team.agents.every((agent) => agent.backend.protocol === 'demo');
}

/** Throws a MassgenError, for the app to show, when the built-in team is asked something that it cannot do. */
async function demoSeed(chosen: Chosen, asked: string): Promise<number> {
  const [{ requirePuzzle }, { DEFAULT_DEMO_SEED }] = await Promise.all([
    import('./pick-unattended.ts'),
    import('../providers/demo/strategy.ts'),
  ]);
  requirePuzzle(asked);
  return chosen.seed ?? DEFAULT_DEMO_SEED;
}

/** What was asked for now; else what the user has chosen in the app; else what the config says. */
async function themeOf(options: CliOptions, choice: Choice, environment: Environment): Promise<string> {
  const named = options.theme ?? (await rememberedTheme(environment));
  return named ?? (choice.type === 'team' ? choice.theme : null) ?? 'auto';
}
