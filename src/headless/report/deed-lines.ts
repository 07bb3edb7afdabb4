import type { RunReport } from '../../sessions/run-report.ts';
import { seconds } from '../figures.ts';
import { oneLine } from '../plain-text.ts';

/** What was done to a run beside answers and ballots, one line each. Plain text. */
export function deedLines({ deeds }: RunReport): string[] {
  return deeds.map(({ atMs, by, text }) => `after ${seconds(atMs)}: ${by} ${oneLine(text)}`);
}
