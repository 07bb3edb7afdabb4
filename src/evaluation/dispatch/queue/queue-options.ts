import type { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Clock } from '../../../platform/clock.ts';
import type { Trial } from '../../suite/suite.ts';
import type { TrialJob } from './trial-job.ts';

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
