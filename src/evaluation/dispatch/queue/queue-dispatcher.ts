import type { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Clock } from '../../../platform/clock.ts';
import { randomHex } from '../../../platform/entropy.ts';
import type { Trial } from '../../suite/suite.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { QueueBatch } from './queue-batch.ts';
import { QUEUE_NAME, QUEUE_PREFIX, type TrialJob } from './trial-job.ts';

export interface QueueDispatcherOptions {
  /** Makes a connection of its own; the dispatcher disconnects it. */
  connect: () => Promise<Redis>;
  clock: Clock;
  /** Trials that wait or run at once, all workers together; the rest of a suite stays here. */
  concurrency: number;
  /** The evaluation's id: trials that it has in the queue already, perhaps from a start before, are not added again. */
  evaluation: string;
  /** What a worker is told of a trial; `session` is this start's. */
  jobOf: (trial: Trial, session: string) => TrialJob;
  /** Told, in a sentence and once each, what the user has to know meanwhile, such as that there is no worker. */
  onNotice: (text: string) => void;
}

export interface QueueConnections {
  redis: Redis;
  queue: Queue<TrialJob>;
  events: QueueEvents;
}

/** Events are a hint only: whoever missed one asks for the state of the job. */
const MAX_EVENTS = 1_000;

/**
 * Has the trials run by `massgen worker` on any number of machines. Redis may be restarted meanwhile: what it lost is
 * put there again, and a run that has ended is not run again by a worker that has its folder.
 */
export function createQueueDispatcher(options: QueueDispatcherOptions): Dispatcher {
  let opened: Promise<QueueConnections> | null = null;
  const session = randomHex(8);
  const notices = new Set<string>();
  const tellOnce = (text: string): void => {
    if (notices.has(text)) return;
    notices.add(text);
    options.onNotice(text);
  };
  return {
    async run(next, onRecord, signal) {
      if (signal.aborted) return;
      opened ??= open(options);
      const batch = new QueueBatch(await opened, { ...options, onNotice: tellOnce, session }, onRecord);
      await batch.run(next, signal);
    },
    async close() {
      const connections = await opened?.catch(() => null);
      if (!connections) return;
      const { redis, queue, events } = connections;
      await Promise.allSettled([queue.close(), events.close()]);
      redis.disconnect();
    },
  };
}

async function open({ connect }: QueueDispatcherOptions): Promise<QueueConnections> {
  const { Queue: QueueClient, QueueEvents: Events } = await import('bullmq');
  const redis = await connect();
  const queue = new QueueClient<TrialJob>(QUEUE_NAME, {
    connection: redis,
    prefix: QUEUE_PREFIX,
    streams: { events: { maxLen: MAX_EVENTS } },
  });
  const events = new Events(QUEUE_NAME, { connection: redis, prefix: QUEUE_PREFIX });
  // The client connects again by itself; what was lost shows when the jobs are looked at.
  queue.on('error', () => undefined);
  events.on('error', () => undefined);
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
  return { redis, queue, events };
}
