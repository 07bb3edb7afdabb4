import type { SuiteProgress } from '../evaluation/run-suite.ts';
import type { TrialRecord } from '../evaluation/trials/trial-record.ts';
import { usdText } from '../events/usage.ts';
import { oneLine } from '../headless/plain-text.ts';

/** What came of a trial, on one line. */
export function outcomeWords({ team, item, final, problem }: TrialRecord): string {
  const mark = final === null ? `no answer: ${oneLine(problem)}` : final.isRight ? 'right' : 'wrong';
  return `${oneLine(team)}  ${oneLine(item)}  ${mark}`;
}

/** The same with how far the suite is. */
export function progressWords({ done, total, right, spentUsd }: SuiteProgress, record: TrialRecord): string {
  const share = `${((100 * right) / Math.max(1, done)).toFixed(0)} % right so far`;
  const money = spentUsd > 0 ? `, ${usdText(spentUsd)}` : '';
  return `${done}/${total}  ${outcomeWords(record)}  (${share}${money})`;
}

export function endWords(reason: 'complete' | 'budget' | 'cancelled', left: number): string {
  if (reason === 'complete') return 'All trials are done.';
  const why = reason === 'budget' ? 'The budget is used up' : 'Interrupted';
  return `${why}: ${left} trials are left; the same command goes on with them.`;
}
