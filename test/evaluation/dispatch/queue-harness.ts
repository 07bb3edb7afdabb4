import { fork, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createQueueDispatcher } from '../../../src/evaluation/dispatch/queue/queue-dispatcher.ts';
import type { TrialJob } from '../../../src/evaluation/dispatch/queue/trial-job.ts';
import type { Dispatcher } from '../../../src/evaluation/dispatch/dispatcher.ts';
import type { Trial } from '../../../src/evaluation/suite/suite.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import type { RedisServer } from './redis-server.ts';

const WORKER = fileURLToPath(new URL('contract-queue-worker.ts', import.meta.url));
const SHA = createHash('sha256').update('').digest('hex');

export interface Herd {
  workers: ChildProcess[];
  stop(): Promise<void>;
}

/** Worker processes; one that dies is replaced, as a service would. */
export async function startWorkers(
  count: number,
  { folder, address, leaseMs = 800 }: { folder: string; address: string; leaseMs?: number },
): Promise<Herd> {
  const workers: ChildProcess[] = [];
  let isOver = false;
  const start = async (): Promise<void> => {
    const child = fork(WORKER, [folder, address, String(leaseMs)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    workers.push(child);
    child.once('exit', () => {
      workers.splice(workers.indexOf(child), 1);
      if (!isOver) void start();
    });
    await new Promise((resolve) => child.once('message', resolve));
  };
  await Promise.all(Array.from({ length: count }, start));
  return {
    workers,
    async stop() {
      isOver = true;
      await Promise.all(
        [...workers].map(async (child) => {
          const gone = new Promise((resolve) => child.once('exit', resolve));
          child.kill('SIGKILL');
          await gone;
        }),
      );
    },
  };
}

export function dispatcherOn(
  redis: RedisServer,
  concurrency: number,
  partial: { evaluation?: string; limits?: TrialJob['limits']; onNotice?: (text: string) => void } = {},
): Dispatcher {
  const evaluation = partial.evaluation ?? randomBytes(8).toString('hex');
  return createQueueDispatcher({
    connect: () => redis.connect(),
    clock: createRealClock(),
    concurrency,
    evaluation,
    jobOf: (trial, session) => jobOf(trial, { evaluation, session, limits: partial.limits ?? [] }),
    onNotice: partial.onNotice ?? (() => undefined),
  });
}

export function jobOf(
  { key, team, item, seed }: Trial,
  partial: Pick<TrialJob, 'evaluation' | 'session' | 'limits'>,
): TrialJob {
  return {
    v: 1,
    version: '0',
    key,
    team: team.name,
    item,
    seed,
    config: { path: team.config, sha256: SHA },
    judge: null,
    runs: 'runs',
    rateLimit: false,
    ...partial,
  };
}
