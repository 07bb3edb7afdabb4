import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { loadEnv } from '../config/env.ts';
import { judgeScreens, type Judgement } from '../evaluation/recording/judge-screens.ts';
import { ScreenMeter } from '../evaluation/recording/measure-screens.ts';
import { isRecorded, readRecording } from '../evaluation/recording/recording.ts';
import { replayCast } from '../evaluation/recording/replay-cast.ts';
import { screenReportText, type ScreenReport } from '../evaluation/recording/screen-report.ts';
import { loadTeam } from '../evaluation/trials/run-trial.ts';
import { createOutput } from '../headless/output.ts';
import { plainText } from '../headless/plain-text.ts';
import { safeJson } from '../headless/safe-json.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { onInterrupt } from '../platform/interrupts.ts';
import { runsFolder } from '../platform/paths.ts';
import { listRunFolders } from '../sessions/find-run.ts';
import type { CommandContext } from './command-context.ts';
import { findAnyRun } from './find-any-run.ts';
import { readFlags } from './read-flags.ts';

interface TerminalFlags {
  judge?: string;
  format: 'text' | 'md' | 'json';
  rateLimit: boolean;
}

/** `massgen eval terminal`: what can be measured about a recorded screen, and what a team says that sees the pictures. */
export async function judgeTerminal(
  argv: readonly string[],
  { environment, streams, version }: CommandContext,
): Promise<ExitCode> {
  const program = new Command('massgen eval terminal')
    .description('Measure a recording of "massgen record", and have a team that reads pictures judge the screens.')
    .argument('<recording>', 'the folder of a recording or of its run, the id of the run, or "latest"')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .option('--judge <config>', 'the team that judges; its models must read pictures')
    .addOption(new Option('-f, --format <format>', 'how it is written').choices(['text', 'md', 'json']).default('text'))
    .option('--rate-limit', 'keep to the known rate limits of the providers', false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const { judge, format, rateLimit } = program.opts<TerminalFlags>();
  const { cwd, home, variables } = environment;
  const recording = await readRecording(await folderOf(program.args[0] ?? '', environment));
  const meter = new ScreenMeter();
  await replayCast(recording.cast, recording.isLight, (screen) => meter.add(screen));
  const facts = meter.facts();

  let judgement: Judgement | null = null;
  if (judge !== undefined) {
    const { env, warnings } = await loadEnv({ cwd, home, env: variables });
    for (const warning of warnings) streams.stderr.write(`${warning}\n`);
    const team = await loadTeam(judge, { variables: env, cwd });
    const stop = new AbortController();
    const stopListening = onInterrupt((_, isFirst) => {
      if (!isFirst) process.exit(EXIT.interrupted);
      stop.abort(new MassgenError('interrupted', 'Interrupted; nothing was judged.', { exitCode: EXIT.interrupted }));
    });
    try {
      const surroundings = { runsDir: runsFolder(cwd), variables: env, version, home, rateLimit };
      judgement = await judgeScreens(recording, facts, team, surroundings, stop.signal);
    } finally {
      stopListening();
    }
  }
  const { run, folder, size, theme, question, films, frames } = recording;
  const report: ScreenReport = {
    recording: { run, folder, size, theme, question, films, frames },
    facts,
    judgement,
  };
  const out = createOutput(streams.stdout);
  if (format === 'json') out.write(`${safeJson(JSON.stringify(report, null, 2))}\n`);
  else {
    const text = plainText(screenReportText(report));
    out.write(format === 'md' ? text : text.replaceAll(/^#+ /gm, '').replaceAll(/^\| --- .*\n/gm, ''));
  }
  await out.flush();
  return judgement && !judgement.verdict ? EXIT.execution : EXIT.ok;
}

/** A folder as it was written, else a run by its id; `latest` is the latest that was recorded, since judging is a run too. */
async function folderOf(word: string, environment: CommandContext['environment']): Promise<string> {
  const { stat } = await import('node:fs/promises');
  const folder = resolve(environment.cwd, word);
  const isFolder = await stat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (isFolder) return folder;
  if (word === 'latest') {
    for (const dir of await listRunFolders(environment.cwd)) if (await isRecorded(dir)) return dir;
  }
  return findAnyRun(word, environment);
}
