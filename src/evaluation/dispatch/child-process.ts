import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../../platform/clock.ts';
import type { SharedRates } from '../../providers/limits/shared-rates.ts';
import type { Trial } from '../suite/suite.ts';
import { failedRecord } from '../trials/failed-record.ts';
import { homeOf } from '../trials/trial-home.ts';
import type { Dispatcher, TrialHome } from './dispatcher.ts';
import { runLanes } from './run-lanes.ts';
import { WorkerProcess } from './worker-process.ts';

export interface ChildProcessOptions {
  /** Forks a worker that calls `serveParent`, with a channel and a pipe for its errors. */
  fork: () => ChildProcess;
  /** Processes at once, each with one trial. */
  concurrency: number;
  clock: Clock;
  /** Counts requests for all processes. */
  rates: SharedRates;
}

interface Task {
  trial: Trial;
  home: Pick<TrialHome, 'folder' | 'runId'>;
  /** Workers that died over it. */
  deaths: number;
}

/** A trial that has killed so many workers is the reason itself. */
export const MAX_DEATHS = 3;

/**
 * Runs each trial in a process of its own making, started when it is needed and used again. The trial of a process that
 * dies is given to another one, which goes on with its run.
 */
export function createChildProcessDispatcher({ fork, concurrency, clock, rates }: ChildProcessOptions): Dispatcher {
  const workers = new Set<WorkerProcess>();
  const idle: WorkerProcess[] = [];

  const takeWorker = async (): Promise<WorkerProcess> => {
    for (let known = idle.pop(); known; known = idle.pop()) {
      if (!known.isGone) return known;
      workers.delete(known);
    }
    const worker = new WorkerProcess(fork(), clock, rates);
    workers.add(worker);
    await worker.ready();
    return worker;
  };

  return {
    async run(next, onRecord, signal) {
      const again: Task[] = [];
      const take = (): Task | null => {
        const left = again.pop();
        if (left) return left;
        const trial = next();
        return trial && { trial, home: homeOf(trial.key, clock.now()), deaths: 0 };
      };
      await runLanes(concurrency, signal, take, async (task, end) => {
        const worker = await takeWorker();
        const record = await worker.run(task.trial, task.home, end);
        if (worker.isGone) workers.delete(worker);
        else idle.push(worker);
        if (end.aborted) return;
        if (record) return onRecord(record);
        const deaths = task.deaths + 1;
        if (deaths < MAX_DEATHS) again.push({ ...task, deaths });
        else await onRecord(failedRecord(task.trial, `The process that ran it died, ${deaths} times in a row.`));
      });
    },
    async close() {
      await Promise.all([...workers].map((worker) => worker.close()));
    },
  };
}
