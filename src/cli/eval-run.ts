import { join } from 'node:path';
import { Command } from 'commander';
import { loadEnv } from '../config/env.ts';
import { evidenceOf } from '../evaluation/learning/evidence-of.ts';
import { createInProcessDispatcher } from '../evaluation/dispatch/in-process.ts';
import { estimateCost } from '../evaluation/estimate-cost.ts';
import { runSuite, type SuiteProgress } from '../evaluation/run-suite.ts';
import { loadSuite } from '../evaluation/suite/load-suite.ts';
import type { Suite } from '../evaluation/suite/suite.ts';
import { ResultsFile } from '../evaluation/trials/results-file.ts';
import { createTrialRunner, loadTeam, type TrialSurroundings } from '../evaluation/trials/run-trial.ts';
import { reportSuite } from '../evaluation/report/report-suite.ts';
import type { TrialRecord } from '../evaluation/trials/trial-record.ts';
import { oneLine } from '../headless/plain-text.ts';
import { safeJson } from '../headless/safe-json.ts';
import { createRealClock } from '../platform/clock.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';
import { onInterrupt } from '../platform/interrupts.ts';
import type { CommandContext } from './command-context.ts';
import { evalFolder, resultsPath } from './eval-folder.ts';
import { evidenceFileOf } from './evidence-file.ts';
import { wholeNumber } from './options.ts';
import { parseFlags } from './parse-flags.ts';
import { positiveNumber } from './positive-number.ts';

interface RunFlags {
  out?: string;
  concurrency?: number;
  budgetUsd?: number;
  dryRun: boolean;
  rateLimit: boolean;
  learn: boolean;
  json: boolean;
}

/** `massgen eval run`: asks every team every question of a suite. What was asked before is not asked again. */
export async function runEvaluation(
  argv: readonly string[],
  { environment, streams, version }: CommandContext,
): Promise<ExitCode> {
  const program = new Command('massgen eval run')
    .description('Ask every team of a suite every question, grade the answers and keep them. Goes on where it ended.')
    .argument('<suite>', 'the suite, a YAML file')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .option('-o, --out <folder>', 'where results and runs are kept; .massgen/evals/… if left out')
    .option('-j, --concurrency <number>', 'trials at once, instead of what the suite says', wholeNumber)
    .option('--budget-usd <amount>', 'begin no further trial once this much is spent', positiveNumber)
    .option('--dry-run', 'only say what would be run and what it may cost', false)
    .option('--rate-limit', 'keep to the known rate limits of the providers', false)
    .option('--learn', 'add what the graders say to what "massgen learn" knows', false)
    .option('--json', 'each record as a line of JSON on stdout', false);
  const parsed = parseFlags(program, argv);
  if (parsed.type === 'text') {
    (parsed.exitCode === 0 ? streams.stdout : streams.stderr).write(parsed.text);
    return parsed.exitCode;
  }
  const flags = program.opts<RunFlags>();
  const { cwd, home, variables } = environment;
  const loaded = await loadSuite(program.args[0] ?? '', cwd);
  const suite: Suite = {
    ...loaded,
    concurrency: flags.concurrency ?? loaded.concurrency,
    budgetUsd: flags.budgetUsd ?? loaded.budgetUsd,
  };
  const { env, warnings } = await loadEnv({ cwd, home, env: variables });
  for (const warning of warnings) streams.stderr.write(`${warning}\n`);
  const folder = evalFolder(suite, cwd, flags.out);
  const surroundings: TrialSurroundings = {
    runsDir: join(folder, 'runs'),
    cwd,
    home,
    variables: env,
    path: variables['PATH'] ?? '',
    clock: createRealClock(),
    version,
    rateLimit: flags.rateLimit,
    judge: suite.judge,
  };
  // What is wrong with a team is told before anything is paid.
  const teams = await Promise.all(suite.teams.map(({ config }) => loadTeam(config, surroundings)));
  if (flags.dryRun) {
    const { trials, requests, usd } = await estimateCost(suite, teams, surroundings.clock);
    const cost = usd === null ? 'an unknown amount, since a price is unknown' : `about $${usd.toFixed(2)}`;
    streams.stdout.write(
      `${suite.teams.length} teams, ${suite.cases.length} cases, ${suite.seeds.length} seeds: ${trials} trials, at most ${requests} model calls without tools, ${cost} (right to a factor of about three).\n`,
    );
    return EXIT.ok;
  }
  const results = new ResultsFile(resultsPath(folder));
  const stop = new AbortController();
  const stopListening = onInterrupt((_, isFirst) => {
    if (!isFirst) process.exit(EXIT.interrupted);
    stop.abort(new Error('interrupted'));
  });
  const dispatcher = createInProcessDispatcher(createTrialRunner(surroundings), suite.concurrency);
  try {
    const onProgress = (progress: SuiteProgress, record: TrialRecord | null): void => {
      if (!record) return;
      if (flags.json) streams.stdout.write(`${safeJson(JSON.stringify(record))}\n`);
      else streams.stderr.write(`${progressLine(progress, record)}\n`);
    };
    const known = new Set((await results.read()).map(({ key }) => key));
    const end = await runSuite(suite, { dispatcher, results, signal: stop.signal, onProgress });
    if (flags.learn) {
      const found = end.records.filter(({ key }) => !known.has(key));
      await evidenceFileOf(environment).add(found.flatMap((record) => evidenceOf(record, surroundings.clock.now())));
    }
    if (!flags.json) {
      for (const sentence of reportSuite(suite.name, end.records).verdict) streams.stdout.write(`${sentence}\n`);
    }
    streams.stderr.write(`${endWords(end.reason, end.left)} Results: ${results.path}\n`);
    if (end.reason === 'cancelled') return EXIT.interrupted;
    return end.reason === 'budget' ? EXIT.execution : EXIT.ok;
  } finally {
    stopListening();
    await dispatcher.close();
  }
}

function progressLine(
  { done, total, right, spentUsd }: SuiteProgress,
  { team, item, final, problem }: TrialRecord,
): string {
  const mark = final === null ? `no answer: ${oneLine(problem)}` : final.isRight ? 'right' : 'wrong';
  const share = `${((100 * right) / Math.max(1, done)).toFixed(0)} % right so far`;
  const money = spentUsd > 0 ? `, $${spentUsd.toFixed(4)}` : '';
  return `${done}/${total}  ${oneLine(team)}  ${oneLine(item)}  ${mark}  (${share}${money})`;
}

function endWords(reason: 'complete' | 'budget' | 'cancelled', left: number): string {
  if (reason === 'complete') return 'All trials are done.';
  const why = reason === 'budget' ? 'The budget is used up' : 'Interrupted';
  return `${why}: ${left} trials are left; the same command goes on with them.`;
}
