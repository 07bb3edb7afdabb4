import { basename } from 'node:path';
import { Command } from 'commander';
import { foldEvents } from '../coordination/apply.ts';
import { createOutput } from '../headless/output.ts';
import { runsText, type RunLine } from '../headless/report/runs-text.ts';
import { safeJson } from '../headless/safe-json.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';
import { readAll } from '../runlog/read-run-log.ts';
import { listRunFolders } from '../sessions/find-run.ts';
import type { CommandContext } from './command-context.ts';
import { wholeNumber } from './options.ts';
import { parseFlags } from './parse-flags.ts';

/** `massgen runs`: the runs of this folder, newest first. */
export async function run(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen runs')
    .description('List the runs of this folder, newest first: id, time in UTC, outcome, cost, question.')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .option('-n, --limit <number>', 'how many', wholeNumber, 20)
    .option('--all', 'all of them', false)
    .option('--json', 'as JSON', false);
  const parsed = parseFlags(program, argv);
  if (parsed.type === 'text') {
    (parsed.exitCode === 0 ? streams.stdout : streams.stderr).write(parsed.text);
    return parsed.exitCode;
  }
  const { limit, all, json } = program.opts<{ limit: number; all: boolean; json: boolean }>();
  const folders = await listRunFolders(environment.cwd);
  const shown = all ? folders : folders.slice(0, limit);
  const lines: RunLine[] = [];
  for (const dir of shown) lines.push(await lineOf(dir));
  const out = createOutput(streams.stdout);
  if (json) out.write(`${safeJson(JSON.stringify(lines, null, 2))}\n`);
  else out.write(runsText(lines));
  await out.flush();
  if (!json && lines.length === 0) streams.stderr.write('No run was started in this folder so far.\n');
  const hidden = folders.length - shown.length;
  if (!json && hidden > 0) streams.stderr.write(`${hidden} older ones are left out; --all shows them.\n`);
  return EXIT.ok;
}

async function lineOf(dir: string): Promise<RunLine> {
  const name = basename(dir);
  const state = await readAll(dir).then(foldEvents, () => null);
  if (!state) return { run: name, startedAt: null, question: '', outcome: 'unreadable', cost: null };
  const { startedAt, question, end, cost } = state;
  return { run: name, startedAt, question, outcome: end?.outcome ?? 'unfinished', cost };
}
