import { join } from 'node:path';
import { Command, Option } from 'commander';
import { loadEnv } from '../config/env.ts';
import type { EvidenceFile } from '../evaluation/learning/evidence.ts';
import { evidenceOf } from '../evaluation/learning/evidence-of.ts';
import { runSuite, type SuiteProgress } from '../evaluation/run-suite.ts';
import { loadSuite } from '../evaluation/suite/load-suite.ts';
import type { Suite } from '../evaluation/suite/suite.ts';
import { ResultsFile } from '../evaluation/trials/results-file.ts';
import { loadTeam, type TrialSurroundings } from '../evaluation/trials/run-trial.ts';
import { reportSuite } from '../evaluation/report/report-suite.ts';
import type { TrialRecord } from '../evaluation/trials/trial-record.ts';
import { safeJson } from '../headless/safe-json.ts';
import { wrapped } from '../headless/evaluation/wrapped.ts';
import { createRealClock, type Clock } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';
import { onInterrupt } from '../platform/interrupts.ts';
import { createLocalRates } from '../providers/limits/shared-rates.ts';
import { textWidth } from '../tui/text/width.ts';
import type { CommandContext } from './command-context.ts';
import { evalFolder, resultsPath } from './eval-folder.ts';
import { createDispatcher, type DispatchFlags } from './eval-run-dispatcher.ts';
import { planWords, unseenCost } from './eval-run-plan.ts';
import { tellInBars, tellInLines, type ProgressTeller } from './eval-run-progress.ts';
import { endWords } from './eval-run-words.ts';
import { evidenceFileOf } from './evidence-file.ts';
import { readFlags } from './read-flags.ts';
import { withoutQueue } from './queue-address.ts';
import { typeLimit } from './type-limit.ts';
import { countFrom1, positiveNumber } from './positive-number.ts';
import type { Streams } from './streams.ts';

interface RunFlags extends DispatchFlags {
  out?: string;
  concurrency?: number;
  budgetUsd?: number;
  budgetTokens?: number;
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
  const program = buildProgram();
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const flags = program.opts<RunFlags>();
  const { cwd, home, variables } = environment;
  const suite = withFlags(await loadSuite(program.args[0] ?? '', cwd), flags);
  const { env, warnings } = await loadEnv({ cwd, home, env: variables });
  for (const warning of warnings) streams.stderr.write(`${warning}\n`);
  const folder = evalFolder(suite, cwd, flags.out);
  const clock = createRealClock();
  const { rateLimit } = flags;
  const path = variables['PATH'] ?? '';
  const here = { cwd, home, variables: withoutQueue(env), path, clock, version, rateLimit };
  const surroundings: TrialSurroundings = {
    ...here,
    runsDir: join(folder, 'runs'),
    judge: suite.judge,
    sharedLimits: { rates: createLocalRates(clock), limits: flags.limit },
  };
  // What is wrong with a team is told before anything is paid.
  const teams = await Promise.all(suite.teams.map(({ config }) => loadTeam(config, surroundings)));
  const judge = suite.judge === null ? null : await loadTeam(suite.judge, surroundings);
  // Whole in a pipe, for whoever reads it there.
  const columns = environment.terminal.columns ?? Infinity;
  const tellSentence = (text: string): void => void streams.stdout.write(`${wrapped(text, columns, '', textWidth)}\n`);
  if (flags.dryRun) {
    for (const sentence of await planWords(suite, teams, judge, clock)) tellSentence(sentence);
    return EXIT.ok;
  }
  const unseen = await unseenCost(suite, teams, judge, clock);
  if (unseen !== null) streams.stderr.write(`${unseen}\n`);
  const results = new ResultsFile(resultsPath(folder));
  const teller = tellerFor(suite, flags, streams, environment, clock);
  const onNotice = (text: string): void => teller.tell(text);
  const dispatcher = await createDispatcher(flags, { suite, surroundings, folder, variables, env, onNotice });
  const stop = new AbortController();
  const stopListening = onInterrupt((_, isFirst) => {
    if (!isFirst) process.exit(EXIT.interrupted);
    stop.abort(new Error('interrupted'));
  });
  try {
    const onProgress = (progress: SuiteProgress, record: TrialRecord | null): void => {
      if (!flags.json) teller.update(progress, record);
      else if (record) streams.stdout.write(`${safeJson(JSON.stringify(record))}\n`);
    };
    const end = await runSuite(suite, { dispatcher, results, signal: stop.signal, onProgress });
    teller.end();
    if (flags.learn) await learnFrom(end.records, evidenceFileOf(environment), clock);
    if (!flags.json) {
      reportSuite(suite.name, end.records).verdict.forEach(tellSentence);
    }
    streams.stderr.write(`${endWords(end.reason, end.left)} Results: ${results.path}\n`);
    if (end.reason === 'cancelled') return EXIT.interrupted;
    return end.reason === 'budget' ? EXIT.execution : EXIT.ok;
  } finally {
    teller.end();
    stopListening();
    await dispatcher.close();
  }
}

function buildProgram(): Command {
  return new Command('massgen eval run')
    .description('Ask every team of a suite every question, grade the answers and keep them. Goes on where it ended.')
    .argument('<suite>', 'the suite, a YAML file')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .option('-o, --out <folder>', 'where results and runs are kept; .massgen/evals/… if left out')
    .option(
      '-j, --concurrency <number>',
      'trials at once, all workers together, instead of what the suite says',
      countFrom1,
    )
    .option('--budget-usd <amount>', 'begin no further trial once this much is spent', positiveNumber)
    .option('--budget-tokens <number>', 'begin no further trial once so many tokens are used', countFrom1)
    .addOption(
      new Option('--dispatch <where>', 'in-process; child-process, each trial in a process that may crash; queue')
        .choices(['in-process', 'child-process', 'queue'])
        .default('in-process'),
    )
    .option(
      '--queue [address]',
      'have "massgen worker" run the trials: redis://…, unix:/path, or what MASSGEN_QUEUE says',
    )
    .option(
      '--limit <type=n/unit>',
      'so many requests to a backend type, all trials and workers together, e.g. openai=30/m',
      typeLimit,
      [],
    )
    .option('--dry-run', 'only say what would be run, what it may cost and what it can show', false)
    .option('--rate-limit', 'keep to the known rate limits of the providers', false)
    .option('--learn', 'add what the graders say to what "massgen learn" knows', false)
    .option('--json', 'each record as a line of JSON on stdout', false);
}

/** Also from trials that were done before, without `--learn` or cut off; a run that is known keeps the kind it has. */
async function learnFrom(records: readonly TrialRecord[], file: EvidenceFile, clock: Clock): Promise<void> {
  const known = new Set((await file.read()).flatMap(({ run, source }) => (source === 'grader' ? run : [])));
  const found = records.filter(({ run }) => !known.has(run));
  await file.add(found.flatMap((record) => evidenceOf(record, clock.now())));
}

function withFlags(suite: Suite, { concurrency, budgetUsd, budgetTokens }: RunFlags): Suite {
  return {
    ...suite,
    concurrency: concurrency ?? suite.concurrency,
    budgetUsd: budgetUsd ?? suite.budgetUsd,
    budgetTokens: budgetTokens ?? suite.budgetTokens,
  };
}

/** Of a terminal that does not say how large it is. */
const [USUAL_COLUMNS, USUAL_ROWS] = [80, 24];

function tellerFor(
  { budgetUsd }: Suite,
  { json }: RunFlags,
  { stderr }: Streams,
  { terminal }: Environment,
  clock: Clock,
): ProgressTeller {
  const write = (text: string): void => void stderr.write(text);
  if (json || !terminal.stderr || terminal.term === 'dumb') return tellInLines(write);
  return tellInBars({
    write,
    columns: () => stderr.columns || USUAL_COLUMNS,
    rows: () => stderr.rows || USUAL_ROWS,
    isUtf8: terminal.isUtf8,
    clock,
    budgetUsd,
  });
}
