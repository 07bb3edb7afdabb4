import { basename } from 'node:path';
import { Command } from 'commander';
import { foldEvents } from '../coordination/apply.ts';
import { agentsOf } from '../coordination/views.ts';
import { createOutput } from '../headless/output.ts';
import { runsText, type RunLine } from '../headless/report/runs-text.ts';
import { safeJson } from '../headless/safe-json.ts';
import { loadEnv } from '../config/env.ts';
import { cleanedText, cleanRuns } from '../engine/clean-runs.ts';
import { connectRemote } from '../engine/connect-remote.ts';
import { createRealClock } from '../platform/clock.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { runsFolder } from '../platform/paths.ts';
import { readAll } from '../runlog/read-run-log.ts';
import { listRunFolders } from '../sessions/find-run.ts';
import { age } from './age.ts';
import type { CommandContext } from './command-context.ts';
import { wholeNumber } from './options.ts';
import { readFlags } from './read-flags.ts';

/** `massgen runs`: the runs of this folder, newest first; `massgen runs clean` removes old ones. */
export async function run(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { environment, streams } = context;
  const program = new Command('massgen runs')
    .description(
      'List the runs of this folder, newest first: id, time in UTC, outcome, cost, question; "clean" removes the logs of old ones.',
    )
    .usage('[options] | clean --older-than <time> [--dry-run]')
    .argument('[action]')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .option('-n, --limit <number>', 'how many', wholeNumber, 20)
    .option('--all', 'all of them', false)
    .option('--json', 'as JSON', false)
    .option('--older-than <time>', 'with clean: not written to for that long, such as 36h, 30d or 2w', age)
    .option('--dry-run', 'with clean: remove nothing, only tell', false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const { limit, all, json, olderThan, dryRun } = program.opts<Flags>();
  const [action] = program.args;
  if (action === 'clean') return clean(olderThan, dryRun, context);
  if (action !== undefined || olderThan !== undefined || dryRun)
    throw new MassgenError('usage', `There is no such action. ${program.helpInformation().split('\n')[0] ?? ''}`);
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

interface Flags {
  limit: number;
  all: boolean;
  json: boolean;
  olderThan?: number;
  dryRun: boolean;
}

/** Asks nothing, since the user has said how old; tells what is gone. */
async function clean(
  olderThan: number | undefined,
  isTrial: boolean,
  { environment, streams }: CommandContext,
): Promise<ExitCode> {
  if (olderThan === undefined)
    throw new MassgenError('usage', 'Say how old: massgen runs clean --older-than 30d (also 36h, 2w).');
  const clock = createRealClock();
  const { cwd, home, variables } = environment;
  const { env } = await loadEnv({ cwd, home, env: variables });
  const connect = connectRemote(env, clock);
  const cleaned = await cleanRuns(runsFolder(cwd), clock.now() - olderThan, { isTrial, connect });
  streams.stderr.write(`${cleanedText(cleaned, isTrial) || 'No run is that old.'}\n`);
  return cleaned.failed.length + cleaned.unreleased.length > 0 ? EXIT.execution : EXIT.ok;
}

async function lineOf(dir: string): Promise<RunLine> {
  const name = basename(dir);
  const state = await readAll(dir).then(foldEvents, () => null);
  if (!state) return { run: name, startedAt: null, question: '', outcome: 'unreadable', cost: null };
  const { startedAt, question, end } = state;
  const cost = agentsOf(state).some((agent) => agent.info.isModel) ? state.cost : null;
  return { run: name, startedAt, question, outcome: end?.outcome ?? 'unfinished', cost };
}
