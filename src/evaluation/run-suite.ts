import type { Dispatcher } from './dispatch/dispatcher.ts';
import { trialsOf, type Suite } from './suite/suite.ts';
import { inOrder, type ResultsFile } from './trials/results-file.ts';
import type { TrialRecord } from './trials/trial-record.ts';

export interface SuiteProgress {
  done: number;
  total: number;
  right: number;
  /** In USD, of all trials so far; a lower bound where a price is unknown. */
  spentUsd: number;
}

export interface SuiteEnd {
  /** In the order of the trials. */
  records: TrialRecord[];
  /** Trials that were not run, since the budget or the time was over. */
  left: number;
  reason: 'complete' | 'budget' | 'cancelled';
}

/**
 * Runs all trials of a suite that have no record yet; what was done before is not paid for again. Rejects when results
 * cannot be written or no trial can be run.
 */
export async function runSuite(
  suite: Suite,
  {
    dispatcher,
    results,
    signal,
    onProgress,
  }: {
    dispatcher: Dispatcher;
    results: ResultsFile;
    signal: AbortSignal;
    onProgress: (progress: SuiteProgress, record: TrialRecord | null) => void;
  },
): Promise<SuiteEnd> {
  const trials = trialsOf(suite);
  const records = inOrder(trials, await results.read());
  const known = new Set(records.map(({ key }) => key));
  const waiting = trials.filter(({ key }) => !known.has(key)).values();
  let isSpent = false;
  const progress = (record: TrialRecord | null): void => {
    const spentUsd = spent(records);
    isSpent = suite.budgetUsd !== null && spentUsd >= suite.budgetUsd;
    const right = records.filter(({ final }) => final?.isRight === true).length;
    onProgress({ done: records.length, total: trials.length, right, spentUsd }, record);
  };
  progress(null);
  await dispatcher.run(
    () => (isSpent ? null : (waiting.next().value ?? null)),
    async (record) => {
      if (known.has(record.key)) return;
      known.add(record.key);
      await results.add(record);
      records.push(record);
      progress(record);
    },
    signal,
  );
  const left = trials.length - records.length;
  return {
    records: inOrder(trials, records),
    left,
    reason: left === 0 ? 'complete' : signal.aborted ? 'cancelled' : 'budget',
  };
}

function spent(records: readonly TrialRecord[]): number {
  return records.reduce((sum, { cost }) => sum + cost.usd, 0);
}
