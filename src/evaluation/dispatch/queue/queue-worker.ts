import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Clock } from '../../../platform/clock.ts';
import { MassgenError, messageOf } from '../../../platform/errors.ts';
import type { TrialRecord } from '../../trials/trial-record.ts';
import type { SharedRates } from '../../../providers/limits/shared-rates.ts';
import { homeOf } from '../../trials/trial-home.ts';
import { MAX_DEATHS } from '../child-process.ts';
import type { RunTrial } from '../dispatcher.ts';
import { createRedisRates } from './redis-rates.ts';
import {
  CANCEL_CHANNEL,
  CANCELLED,
  cancelKey,
  QUEUE_NAME,
  QUEUE_PREFIX,
  readTrialJob,
  type TrialJob,
} from './trial-job.ts';

export interface QueueWorkerOptions {
  /** Makes a connection of its own; the worker disconnects it. */
  connect: () => Promise<Redis>;
  /** Trials at once. */
  concurrency: number;
  /** A trial goes to another worker when this one has not been heard of for so long. */
  leaseMs: number;
  clock: Clock;
  /** How this worker is called in what the others are told. */
  name: string;
  /**
   * How to run such a trial here; `rates` counts requests for all workers. Rejects with a MassgenError that says why this
   * worker cannot.
   */
  runnerOf: (job: TrialJob, rates: SharedRates) => Promise<RunTrial>;
  onRecord?: (record: TrialRecord) => void;
  /** Told, in a sentence, what went wrong beside the trials. */
  onProblem: (message: string) => void;
}

export interface QueueWorker {
  /** Takes no further trial; resolves when those that run have ended, and lets go. Never rejects. */
  close(): Promise<void>;
}

/** How long a trial that this worker cannot run is left to others. */
const REFUSED_MS = 1_000;
/** Errors after which the trial is tried again: somebody else has or had its run. */
const RETRIED: ReadonlySet<string> = new Set(['run-adopted', 'run-busy', 'trial-taken']);

/**
 * Runs trials of the queue until it is closed. A trial belongs to a worker for as long as it renews its lease; one that
 * lost it (stopped, cut off) is refused by the run's log and by the queue when it comes back. Rejects when the queue
 * cannot be used at first; later on it waits for it.
 */
export async function startQueueWorker(options: QueueWorkerOptions): Promise<QueueWorker> {
  const { connect, concurrency, leaseMs, onProblem } = options;
  const { Worker, DelayedError, UnrecoverableError } = await import('bullmq');
  const [main, ears] = await Promise.all([connect(), connect()]);
  /** What runs here: the evaluation by the job. */
  const active = new Map<string, string>();
  const rates = createRedisRates(main, options.clock, onProblem);

  const runJob = async (job: Job, token: string, signal: AbortSignal): Promise<TrialRecord> => {
    const data = readOrGiveUp(job);
    const id = job.id ?? '';
    if (await main.exists(cancelKey(data.evaluation))) throw new UnrecoverableError(CANCELLED);
    const runTrial = await options.runnerOf(data, rates).catch(async (error: unknown) => {
      if (!(error instanceof MassgenError)) throw error;
      await job.updateProgress({ refused: `${options.name}: ${error.message}` });
      return postpone(job, token, REFUSED_MS);
    });
    const { key, team, item, seed, config } = data;
    const isOurs = (): Promise<boolean> =>
      job.extendLock(token, leaseMs).then(
        (renewed) => renewed === 1,
        () => false,
      );
    active.set(id, data.evaluation);
    try {
      const trial = { key, team: { name: team, config: config.path }, item, seed };
      const record = await runTrial(trial, signal, { ...homeOf(id, job.timestamp), isOurs });
      options.onRecord?.(record);
      return record;
    } catch (error) {
      if (signal.aborted) throw new UnrecoverableError(CANCELLED);
      if (error instanceof MassgenError && RETRIED.has(error.code)) throw error;
      throw new UnrecoverableError(messageOf(error));
    } finally {
      active.delete(id);
    }
  };
  const readOrGiveUp = (job: Job): TrialJob => {
    try {
      return readTrialJob(job.data);
    } catch (error) {
      throw new UnrecoverableError(messageOf(error));
    }
  };
  const postpone = async (job: Job, token: string, ms: number): Promise<never> => {
    await job.moveToDelayed(options.clock.now() + ms, token);
    throw new DelayedError();
  };

  const worker = new Worker(
    QUEUE_NAME,
    // The library gives the signal only to a function that names three parameters, none of them with a default.
    (job, token, signal) => runJob(job, token ?? '', signal ?? new AbortController().signal),
    {
      connection: main,
      prefix: QUEUE_PREFIX,
      name: options.name,
      concurrency,
      lockDuration: leaseMs,
      stalledInterval: Math.ceil(leaseMs / 2),
      maxStalledCount: MAX_DEATHS - 1,
    },
  );
  const cancelAll = (evaluation: string): void => {
    for (const [id, of] of active) if (of === evaluation) worker.cancelJob(id, CANCELLED);
  };
  worker.on('lockRenewalFailed', (ids) => ids.forEach((id) => worker.cancelJob(id, 'The lease was lost.')));
  worker.on('error', (error) => {
    if (!isConnectionError(error)) onProblem(`The queue says: ${error.message}`);
  });
  let isDown = false;
  main.on('close', () => {
    if (!isDown) onProblem('The connection to the queue is lost; it is tried again until it is back.');
    isDown = true;
  });
  main.on('ready', () => {
    if (isDown) onProblem('The connection to the queue is back.');
    isDown = false;
  });
  ears.on('message', (_channel, evaluation) => cancelAll(evaluation));
  await ears.subscribe(CANCEL_CHANNEL);
  await worker.waitUntilReady();
  return {
    async close() {
      isDown = true;
      await worker.close().catch(() => undefined);
      main.disconnect();
      ears.disconnect();
    },
  };
}

/** The client tells of these as well, and comes back by itself. */
function isConnectionError(error: Error): boolean {
  return 'code' in error || /connection is closed/i.test(error.message);
}
