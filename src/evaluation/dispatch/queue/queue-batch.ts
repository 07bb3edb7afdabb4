import { isJsonObject, type JsonValue } from '../../../events/json.ts';
import { EXIT, MassgenError } from '../../../platform/errors.ts';
import type { Trial } from '../../suite/suite.ts';
import { failedRecord } from '../../trials/failed-record.ts';
import type { TrialRecord } from '../../trials/trial-record.ts';
import { createBell, type Bell } from './bell.ts';
import type { QueueConnections, QueueDispatcherOptions } from './queue-options.ts';
import { CANCEL_CHANNEL, CANCELLED, cancelKey, jobIdOf } from './trial-job.ts';

/** How often every job is looked at, in case that an event was missed or Redis lost something. */
const LOOK_MS = 1_000;
/** How long a cancelled batch waits for workers to stop, and how often it looks. */
const STOP_MS = 10_000;
const STOP_LOOK_MS = 50;

const JOB_OPTIONS = {
  // A worker that finds the run in somebody else's hands leaves it for a moment.
  attempts: 20,
  backoff: { type: 'fixed', delay: 500 },
  // Kept for whoever goes on after a crash of the one that asked.
  removeOnComplete: { age: 86_400, count: 5_000 },
  removeOnFail: { age: 86_400, count: 5_000 },
};

type Options = QueueDispatcherOptions & { session: string };

/** The trials of one `run` of the dispatcher: those in the queue, and what became of them. */
export class QueueBatch {
  readonly #connections: QueueConnections;
  readonly #options: Options;
  readonly #onRecord: (record: TrialRecord) => Promise<void>;
  readonly #bell: Bell;
  /** By the job's id. */
  readonly #pending = new Map<string, Trial>();
  readonly #keeping = new Set<Promise<void>>();
  #failure: { error: unknown } | null = null;
  #isStopped = false;

  constructor(connections: QueueConnections, options: Options, onRecord: (record: TrialRecord) => Promise<void>) {
    this.#connections = connections;
    this.#options = options;
    this.#onRecord = onRecord;
    this.#bell = createBell(options.clock);
  }

  async run(next: () => Trial | null, signal: AbortSignal): Promise<void> {
    const { events } = this.#connections;
    const onAbort = (): void => this.#bell.ring();
    const onCompleted = ({ jobId, returnvalue }: { jobId: string; returnvalue: unknown }): void =>
      this.#settle(jobId, returnvalue);
    const onFailed = ({ jobId }: { jobId: string }): void => {
      this.#look(jobId).catch((error: unknown) => this.#fail(error));
    };
    const onProgress = ({ jobId, data }: { jobId: string; data: unknown }): void => this.#tell(jobId, data);
    signal.addEventListener('abort', onAbort, { once: true });
    events.on('completed', onCompleted);
    events.on('failed', onFailed);
    events.on('progress', onProgress);
    try {
      const work = this.#work(next, signal).catch((error: unknown) => this.#fail(error));
      await Promise.race([work, aborted(signal)]);
      if (signal.aborted || this.#failure) await this.#cancel();
      await Promise.all(this.#keeping);
    } finally {
      this.#isStopped = true;
      signal.removeEventListener('abort', onAbort);
      events.off('completed', onCompleted);
      events.off('failed', onFailed);
      events.off('progress', onProgress);
    }
    if (this.#failure) throw this.#failure.error;
  }

  async #work(next: () => Trial | null, signal: AbortSignal): Promise<void> {
    const { clock, concurrency, evaluation } = this.#options;
    await this.#connections.redis.del(cancelKey(evaluation));
    let isDry = false;
    // Jobs of a start before may be done already, and no event tells of them again.
    let lookAt = 0;
    while (!signal.aborted && !this.#failure) {
      const fresh: Trial[] = [];
      while (!isDry && this.#pending.size + this.#keeping.size + fresh.length < concurrency) {
        const trial = next();
        if (trial) fresh.push(trial);
        else isDry = true;
      }
      if (fresh.length > 0) await this.#add(fresh);
      if (isDry && this.#pending.size + this.#keeping.size === 0) return;
      if (clock.now() >= lookAt) {
        const before = this.#pending.size;
        await this.#lookAtAll();
        // As long as looking helps, it is done at once.
        lookAt = this.#pending.size < before ? 0 : clock.now() + LOOK_MS;
      }
      await this.#bell.wait(Math.max(1, lookAt - clock.now()));
    }
  }

  async #add(trials: readonly Trial[]): Promise<void> {
    const jobs = trials.map((trial) => {
      const data = this.#options.jobOf(trial, this.#options.session);
      return { name: 'trial', data, opts: { ...JOB_OPTIONS, jobId: jobIdOf(data) } };
    });
    for (const [index, { opts }] of jobs.entries()) {
      const trial = trials[index];
      if (trial) this.#pending.set(opts.jobId, trial);
    }
    await this.#connections.queue.addBulk(jobs);
  }

  async #lookAtAll(): Promise<void> {
    await Promise.all([...this.#pending.keys()].map((id) => this.#look(id)));
    if ((await this.#connections.queue.getWorkersCount()) > 0 || this.#pending.size === 0) return;
    this.#options.onNotice('No worker is connected to the queue. Start one on any machine: massgen worker --queue …');
  }

  /** What became of a job, as the queue has it. */
  async #look(id: string): Promise<void> {
    const trial = this.#pending.get(id);
    if (!trial) return;
    const job = await this.#connections.queue.getJob(id);
    if (this.#isStopped || this.#pending.get(id) !== trial) return;
    if (!job) return this.#add([trial]);
    if (job.finishedOn === undefined) return;
    if (!job.failedReason) return this.#settle(id, job.returnvalue);
    await job.remove().catch(() => undefined);
    const reason = job.failedReason;
    if (reason.includes('stalled more than')) {
      return this.#keep(id, failedRecord(trial, 'The workers that ran it died, one after the other.'));
    }
    // What failed in a start before, or was cancelled then, is tried anew.
    if (job.data.session !== this.#options.session || reason === CANCELLED) return this.#add([trial]);
    this.#fail(new MassgenError('trial-failed', reason, { exitCode: EXIT.execution }));
  }

  #settle(id: string, value: unknown): void {
    const trial = this.#pending.get(id);
    if (!trial) return;
    const record = recordIn(value, trial);
    if (record) this.#keep(id, record);
    else this.#fail(new MassgenError('bad-record', `A worker returned something else than a record of ${trial.key}.`));
  }

  #keep(id: string, record: TrialRecord): void {
    this.#pending.delete(id);
    if (this.#isStopped || this.#failure) return;
    const kept = this.#onRecord(record)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#keeping.delete(kept);
        this.#bell.ring();
      });
    this.#keeping.add(kept);
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#bell.ring();
  }

  #tell(id: string, data: unknown): void {
    if (!this.#pending.has(id) || !isJsonObject(data as JsonValue)) return;
    const { refused } = data as { refused?: unknown };
    if (typeof refused === 'string') this.#options.onNotice(`A worker cannot run a trial. ${refused}`);
  }

  /** Takes what waits out of the queue, and waits until workers have let go of the rest, but not for ever. */
  async #cancel(): Promise<void> {
    this.#isStopped = true;
    const { redis, queue } = this.#connections;
    const { clock, evaluation } = this.#options;
    const work = async (): Promise<void> => {
      await redis.set(cancelKey(evaluation), '1', 'EX', 86_400);
      await redis.publish(CANCEL_CHANNEL, evaluation);
      while (this.#pending.size > 0) {
        await Promise.all(
          [...this.#pending.keys()].map(async (id) => {
            // It rejects while a worker has the job.
            const isGone = await queue.remove(id).then(
              (removed) => removed === 1,
              () => false,
            );
            if (isGone || !(await queue.getJob(id))) this.#pending.delete(id);
          }),
        );
        if (this.#pending.size > 0) await clock.sleep(STOP_LOOK_MS);
      }
    };
    const enough = new AbortController();
    await Promise.race([work(), clock.sleep(STOP_MS, enough.signal)]).catch(() => undefined);
    enough.abort();
    this.#pending.clear();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Null for what is no record of this trial. */
function recordIn(value: unknown, trial: Trial): TrialRecord | null {
  if (!isJsonObject(value as JsonValue)) return null;
  const record = value as TrialRecord;
  return record.v === 1 && record.key === trial.key ? record : null;
}
