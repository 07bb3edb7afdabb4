import { hostname } from 'node:os';
import { Command, Option } from 'commander';
import { loadEnv } from '../config/env.ts';
import { createTrialRunner } from '../evaluation/trials/run-trial.ts';
import { createRealClock } from '../platform/clock.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { onInterrupt } from '../platform/interrupts.ts';
import type { TypeLimit } from '../providers/limits/shared-limiter.ts';
import type { CommandContext } from './command-context.ts';
import { outcomeWords } from './eval-run-words.ts';
import { readFlags } from './read-flags.ts';
import { countFrom1, positiveNumber } from './positive-number.ts';
import { queueAddress, withoutQueue } from './queue-address.ts';
import { typeLimit } from './type-limit.ts';
import { warner } from './warner.ts';

interface WorkerFlags {
  queue?: string;
  concurrency: number;
  lease: number;
  ipc: boolean;
  runs?: string;
  judge?: string;
  rateLimit: boolean;
  limit: TypeLimit[];
}

/** `massgen worker`: runs trials that wait in a queue, until it is interrupted. */
export async function run(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { environment, streams, version } = context;
  const program = buildProgram();
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const flags = program.opts<WorkerFlags>();
  const { cwd, home, variables } = environment;
  const { env, warnings } = await loadEnv({ cwd, home, env: variables });
  const clock = createRealClock();
  const here = { cwd, home, variables: withoutQueue(env), path: variables['PATH'] ?? '', clock, version };
  if (flags.ipc) {
    const { serveOwnParent } = await import('./worker-parent.ts');
    if (flags.runs === undefined) throw new MassgenError('usage', 'massgen worker --ipc needs --runs.');
    const { runs, rateLimit, judge = null, limit } = flags;
    return serveOwnParent((rates) =>
      createTrialRunner({ ...here, runsDir: runs, rateLimit, judge, sharedLimits: { rates, limits: limit } }),
    );
  }
  const tell = warner(streams);
  warnings.forEach(tell);
  const [{ connectRedis }, { startQueueWorker }, { createJobRunners }] = await Promise.all([
    import('../evaluation/dispatch/queue/connect-redis.ts'),
    import('../evaluation/dispatch/queue/queue-worker.ts'),
    import('../evaluation/dispatch/queue/job-runners.ts'),
  ]);
  const address = await queueAddress(flags.queue, env);
  const name = `${hostname()}-${process.pid}`;
  const worker = await startQueueWorker({
    connect: () => connectRedis(address),
    concurrency: flags.concurrency,
    leaseMs: flags.lease * 1_000,
    clock,
    name,
    runnerOf: createJobRunners(here),
    onRecord: (record) => tell(outcomeWords(record)),
    onProblem: tell,
  });
  tell(`${name} takes trials from ${address.shown}, ${flags.concurrency} at once. Ctrl+C ends it after what runs.`);
  await untilInterrupted(() => worker.close(), tell);
  return EXIT.ok;
}

/** The first signal lets what runs end; the second one leaves, and other workers take over after the lease. */
function untilInterrupted(close: () => Promise<void>, tell: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    const stop = onInterrupt((_, isFirst) => {
      if (!isFirst) process.exit(EXIT.interrupted);
      tell('No further trial is taken. Interrupt again to leave what runs to other workers.');
      void close().then(() => {
        stop();
        resolve();
      });
    });
  });
}

function buildProgram(): Command {
  return new Command('massgen worker')
    .description('Run trials that "massgen eval run --queue" has put into a queue, until it is interrupted.')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .option(
      '--queue <address>',
      'redis://host:6379, rediss://… or unix:/path; better set MASSGEN_QUEUE if it has a password',
    )
    .option('-j, --concurrency <number>', 'trials at once', countFrom1, 4)
    .option('--lease <seconds>', 'others take a trial over when this worker is silent for so long', positiveNumber, 30)
    .addOption(new Option('--ipc').hideHelp().default(false))
    .addOption(new Option('--runs <folder>').hideHelp())
    .addOption(new Option('--judge <file>').hideHelp())
    .addOption(new Option('--rate-limit').hideHelp().default(false))
    .addOption(new Option('--limit <type=n/unit>').argParser(typeLimit).hideHelp().default([]))
    .addHelpText(
      'after',
      `
Start it in a folder that holds the same configs as that of "massgen eval run"; keys come from this machine.
Whoever can write to the queue can spend these keys on the configs of this folder: give Redis a password.`,
    );
}
