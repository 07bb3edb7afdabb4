import { Command } from 'commander';
import { createOutput } from '../headless/output.ts';
import { inspectText } from '../headless/report/inspect-text.ts';
import { safeJson } from '../headless/safe-json.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { readAll } from '../runlog/read-run-log.ts';
import { findAnyRun } from './find-any-run.ts';
import { reportRun } from '../sessions/run-report.ts';
import type { CommandContext } from './command-context.ts';
import { readFlags } from './read-flags.ts';

/** `massgen inspect [run]`: what happened in a run, from its log. */
export async function run(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen inspect')
    .description('Show what happened in a run: who did what, every answer and ballot, and figures.')
    .argument('[run]', "the run's id, its beginning, or its folder; without it the latest one", 'latest')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .option('--json', 'as JSON, with every text in full', false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const dir = await findAnyRun(program.args[0] ?? 'latest', environment);
  const report = reportRun(await readAll(dir));
  if (!report) throw new MassgenError('empty-run', `The run in ${dir} has no event, so there is nothing to show.`);
  const out = createOutput(streams.stdout);
  const isJson = program.opts<{ json: boolean }>().json;
  out.write(isJson ? `${safeJson(JSON.stringify(report, null, 2))}\n` : inspectText(report));
  await out.flush();
  return EXIT.ok;
}
