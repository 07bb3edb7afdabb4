import { randomHex } from '../../../platform/entropy.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { QueueBatch } from './queue-batch.ts';
import type { QueueConnections, QueueDispatcherOptions } from './queue-options.ts';
import { QUEUE_NAME, QUEUE_PREFIX, type TrialJob } from './trial-job.ts';

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
