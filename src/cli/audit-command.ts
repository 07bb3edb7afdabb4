import { basename } from 'node:path';
import { Command } from 'commander';
import { createOutput } from '../headless/output.ts';
import { auditText } from '../headless/report/audit-text.ts';
import { safeJson } from '../headless/safe-json.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { readAll } from '../runlog/read-run-log.ts';
import { auditRun } from '../sessions/run-audit.ts';
import type { CommandContext } from './command-context.ts';
import { findAnyRun } from './find-any-run.ts';
import { readFlags } from './read-flags.ts';

/** `massgen audit [run]`: every call of a run, who decided over it and why, and what came of it. */
export async function run(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen audit')
    .description('Show every call of a tool in a run: what it was for, who allowed or denied it and why, what ran.')
    .argument('[run]', "the run's id, its beginning, or its folder; without it the latest one", 'latest')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .option('--json', 'as JSON', false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const dir = await findAnyRun(program.args[0] ?? 'latest', environment);
  const events = await readAll(dir);
  const [first] = events;
  if (!first) throw new MassgenError('empty-run', `The run in ${dir} has no event, so there is nothing to show.`);
  const entries = auditRun(events);
  const out = createOutput(streams.stdout);
  const isJson = program.opts<{ json: boolean }>().json;
  const report = { run: basename(dir), calls: entries };
  out.write(isJson ? `${safeJson(JSON.stringify(report, null, 2))}\n` : auditText(report.run, first.at, entries));
  await out.flush();
  return EXIT.ok;
}
