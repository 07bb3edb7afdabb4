import { Command } from 'commander';
import type { RunState } from '../coordination/state.ts';
import { foldEvents } from '../coordination/apply.ts';
import { agentsOf } from '../coordination/views.ts';
import { createRealClock } from '../platform/clock.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { onInterrupt } from '../platform/interrupts.ts';
import { findAnyRun } from './find-any-run.ts';
import { createReplay, type Replay } from '../sessions/replay.ts';
import type { CommandContext } from './command-context.ts';
import { loadUserKeys } from './load-keys.ts';
import type { CliOptions } from './options.ts';
import { wholeNumber } from './options.ts';
import { addOutputFlags, optionsOf } from './output-flags.ts';
import { readFlags } from './read-flags.ts';
import { formatOf, isInteractive } from './screen.ts';
import { readToldRun } from './tell-loading.ts';

/** `massgen replay [run]`: plays a run's log as if it were going on. Reads only. */
export async function run(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { environment, streams, version } = context;
  const program = new Command('massgen replay')
    .description('Play a run again from its log. Nothing is changed and no model is called.')
    .argument('[run]', "the run's id, its beginning, or its folder; without it the latest one", 'latest')
    .option('--from <seq>', 'play everything before the event of this number at once', wholeNumber);
  addOutputFlags(program);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const options = optionsOf(program, version);
  const dir = await findAnyRun(program.args[0] ?? 'latest', environment);
  const events = await readToldRun(dir, streams.stderr, createRealClock());
  const state = foldEvents(events);
  if (!state) throw new MassgenError('empty-run', `The run in ${dir} has no event, so there is nothing to play.`);
  const isShown = isInteractive(options, environment);
  const { from } = program.opts<{ from?: number }>();
  const replay = createReplay({
    events,
    dir,
    clock: createRealClock(),
    // Nobody watches what goes into a file.
    speed: options.speed ?? (isShown || streams.stderr.isTTY ? 1 : Infinity),
    ...(from === undefined ? {} : { from }),
  });
  return isShown ? show(replay, state, options, context) : print(replay, options, context);
}

async function show(
  replay: Replay,
  state: RunState,
  options: CliOptions,
  { environment, streams }: CommandContext,
): Promise<ExitCode> {
  const [{ finalAnswerText, runTui }, { createTuiPorts }, { rememberedTheme }] = await Promise.all([
    import('../tui/run-tui.ts'),
    import('./tui-ports.ts'),
    import('./remembered-theme.ts'),
  ]);
  const clock = createRealClock();
  let hasBegun = false;
  const result = await runTui({
    stdin: streams.stdin,
    stdout: streams.stdout,
    env: environment.variables,
    clock,
    theme: options.theme ?? (await rememberedTheme(environment)) ?? 'auto',
    economy: options.economy,
    ascii: options.ascii || !environment.terminal.isUtf8,
    reducedMotion: options.reducedMotion,
    team: { name: state.team, agents: agentsOf(state).map(({ info }) => info) },
    teams: [],
    isReplay: true,
    ...(await loadUserKeys(environment)),
    ports: createTuiPorts(environment, clock),
    question: state.question,
    start: async () => {
      if (hasBegun) throw new MassgenError('replay', 'This is a replay, which answers no questions.');
      hasBegun = true;
      return replay;
    },
  });
  replay.stop();
  streams.stdout.write(finalAnswerText(result));
  return result.exitReason === 'interrupted' ? EXIT.interrupted : EXIT.ok;
}

async function print(replay: Replay, options: CliOptions, { streams }: CommandContext): Promise<ExitCode> {
  let isInterrupted = false;
  const stopListening = onInterrupt((_, isFirst) => {
    if (!isFirst) return process.exit(EXIT.interrupted);
    isInterrupted = true;
    replay.stop();
  });
  const { printRun } = await import('./headless.ts');
  try {
    const done = Promise.resolve();
    await printRun({ handle: replay, files: { started: done, settled: done } }, formatOf(options), streams);
    return isInterrupted ? EXIT.interrupted : EXIT.ok;
  } finally {
    stopListening();
  }
}
