import type { Dispatcher } from './dispatch/dispatcher.ts';
import { trialsOf, type Suite } from './suite/suite.ts';
import { inOrder, type ResultsFile } from './trials/results-file.ts';
import type { TrialRecord } from './trials/trial-record.ts';

/** How far a part of the trials is. */
export interface Tally {
  done: number;
  total: number;
  right: number;
  /** In USD, of all trials so far and of whoever judged them; a lower bound where a price is unknown. */
  spentUsd: number;
  /** Input and output, of all agents and of whoever judged. */
  tokens: number;
}

export interface SuiteProgress extends Tally {
  /** In the order of the suite. */
  teams: (Tally & { name: string })[];
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
  const teams = suite.teams.map(({ name }) => ({ name, ...emptyTally() }));
  const progress: SuiteProgress = { ...emptyTally(), teams };
  for (const { team } of trials) eachTally(progress, team.name, (tally) => (tally.total += 1));
  for (const record of records) count(progress, record);
  const isSpent = (): boolean =>
    progress.spentUsd >= (suite.budgetUsd ?? Infinity) || progress.tokens >= (suite.budgetTokens ?? Infinity);
  onProgress(progress, null);
  await dispatcher.run(
    () => (isSpent() ? null : (waiting.next().value ?? null)),
    async (record) => {
      if (known.has(record.key)) return;
      known.add(record.key);
      await results.add(record);
      records.push(record);
      count(progress, record);
      onProgress(progress, record);
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

function emptyTally(): Tally {
  return { done: 0, total: 0, right: 0, spentUsd: 0, tokens: 0 };
}

function eachTally(progress: SuiteProgress, team: string, change: (tally: Tally) => void): void {
  change(progress);
  const own = progress.teams.find(({ name }) => name === team);
  if (own) change(own);
}

/** Judging is paid for as well. */
function count(progress: SuiteProgress, { team, final, judging, ...own }: TrialRecord): void {
  eachTally(progress, team, (tally) => {
    tally.done += 1;
    if (final?.isRight === true) tally.right += 1;
    for (const { cost, usage } of judging ? [own, judging] : [own]) {
      tally.spentUsd += cost.usd;
      tally.tokens += usage.input + usage.output;
    }
  });
}
