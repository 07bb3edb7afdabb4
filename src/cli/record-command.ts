import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { loadEnv } from '../config/env.ts';
import type { TeamSpec } from '../config/team.ts';
import { isBuiltIn } from '../engine/built-in.ts';
import { requirePrograms } from '../evaluation/recording/find-programs.ts';
import { keepRecording, makeRecording } from '../evaluation/recording/make-recording.ts';
import { RECORDING_FOLDER } from '../evaluation/recording/recording.ts';
import { FORMATS, type RecordingFormat } from '../evaluation/recording/tape.ts';
import { parseSize } from '../evaluation/recording/terminal-size.ts';
import { loadTeam } from '../evaluation/trials/run-trial.ts';
import { safeJson } from '../headless/safe-json.ts';
import { createRealClock } from '../platform/clock.ts';
import { createRunId } from '../platform/ids.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { onInterrupt } from '../platform/interrupts.ts';
import { requireDepth } from '../platform/run-depth.ts';
import type { CommandContext } from './command-context.ts';
import { sessionStoreOf } from './continue-session.ts';
import { speed, wholeNumber } from './options.ts';
import { readFlags } from './read-flags.ts';

interface RecordFlags {
  demo: boolean;
  theme: string;
  size: string;
  format: RecordingFormat[];
  seed?: number;
  speed?: number;
  json: boolean;
}

/** A run without a time limit of its own is recorded for at most an hour. */
const LIMIT_SECONDS = 3600;
/** Between the run's end and the words that say so on the screen. */
const SLACK_SECONDS = 60;

/** `massgen record`: asks a question in the app, inside of VHS, and keeps the film in the run's folder. */
export async function run(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { environment, streams } = context;
  const program = recordProgram();
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const flags = program.opts<RecordFlags>();
  const [config, question] = flags.demo ? ['', program.args[0]] : program.args;
  if (program.args.length > (flags.demo ? 1 : 2))
    throw new MassgenError('usage', 'There are too many words. Put the question in quotes.');
  const asked = question?.trim() || (flags.demo ? (await import('./pick-unattended.ts')).DEFAULT_PUZZLE : '');
  if (config === undefined || asked === '')
    throw new MassgenError('usage', 'Say which team and what to ask: massgen record team.yaml "question", or --demo.');
  const size = parseSize(flags.size);
  const { cwd, home, variables } = environment;
  requireDepth(variables);
  await requirePrograms(variables['PATH'] ?? '', environment.platform);
  const { env, warnings } = await loadEnv({ cwd, home, env: variables });
  for (const warning of warnings) streams.stderr.write(`${warning}\n`);
  // What is wrong with the team is told here, not in the film.
  const team = flags.demo ? null : await loadTeam(config, { variables: env, cwd });
  const clock = createRealClock();
  const session = `record-${createRunId(clock.now())}`;
  const stop = new AbortController();
  const stopListening = onInterrupt((_, isFirst) => {
    if (!isFirst) process.exit(EXIT.interrupted);
    stop.abort(new MassgenError('interrupted', 'Interrupted; nothing was recorded.', { exitCode: EXIT.interrupted }));
  });
  streams.stderr.write(`Recording ${size.cols}x${size.rows}; it takes as long as the run, and a little more.\n`);
  try {
    const recorded = await makeRecording({
      args: [...(flags.demo ? ['--demo'] : ['--config', config]), '--theme', flags.theme, ...paceArgs(flags, team)],
      hiddenArgs: ['--session-id', session],
      question: asked,
      size,
      theme: flags.theme,
      isLight: /light/i.test(flags.theme),
      formats: flags.format,
      limitSeconds: (team?.settings.limits.seconds ?? LIMIT_SECONDS) + SLACK_SECONDS,
      cwd,
      command: [process.execPath, process.argv[1] ?? ''],
      variables,
      isRoot: process.getuid?.() === 0,
      clock,
      signal: stop.signal,
    });
    const made = (await sessionStoreOf(environment).load(session))?.runs.at(-1);
    if (!made) throw new MassgenError('vhs-failed', 'The recorded command began no run.', { exitCode: EXIT.execution });
    const folder = join(made.dir, RECORDING_FOLDER);
    await keepRecording(recorded, folder, made.run);
    const { films, frames } = recorded.manifest;
    const exitCode = (recorded.exitCode ?? EXIT.execution) as ExitCode;
    if (flags.json) {
      streams.stdout.write(`${safeJson(JSON.stringify({ run: made.run, folder, films, frames, exitCode }))}\n`);
    } else streams.stdout.write(`${folder}\n`);
    return exitCode;
  } finally {
    stopListening();
  }
}

function recordProgram(): Command {
  return new Command('massgen record')
    .description(
      'Ask a question in the app and record it with VHS: a film, pictures and the screens as text, in the run’s folder.',
    )
    .argument('[config]', 'the team; left out with --demo')
    .argument('[question]', 'what to ask')
    .helpOption('-h, --help')
    .option('--demo', 'record the built-in demo team; no model is called', false)
    .option('--theme <name>', 'colours of the app', 'dark')
    .option('--size <size>', 'columns and rows of the terminal', '120x40')
    .option('--format <formats>', `what to make, with commas: ${FORMATS.join(', ')}`, formats, ['gif', 'png', 'txt'])
    .option('--seed <number>', 'make everything that is left to chance repeatable', wholeNumber)
    .option('--speed <factor>', 'pace of built-in agents', speed)
    .option('--json', 'what was made as a line of JSON', false)
    .addHelpText(
      'after',
      '\nNeeds vhs, ttyd and ffmpeg. Exit codes are those of the recorded command: 0 answered, 1 config or usage, 2 failed, 3 time limit, 4 interrupted.\nWhat was recorded can be judged: massgen eval terminal <folder>',
    );
}

function formats(text: string): RecordingFormat[] {
  const found = text.split(',').map((word) => word.trim());
  const unknown = found.find((word) => !FORMATS.some((format) => format === word));
  if (unknown !== undefined) throw new InvalidArgumentError(`${unknown} is none of ${FORMATS.join(', ')}.`);
  return FORMATS.filter((format) => found.includes(format));
}

function paceArgs({ seed, speed: pace }: RecordFlags, team: TeamSpec | null): string[] {
  const isPaced = pace !== undefined && (team === null || isBuiltIn(team));
  return [...(seed === undefined ? [] : ['--seed', String(seed)]), ...(isPaced ? ['--speed', String(pace)] : [])];
}
