import type { RunReport } from '../../sessions/run-report.ts';
import { oneLine } from '../plain-text.ts';

const AFTER = {
  cancel: 'It was cancelled, and taken up again.',
  'cut-off': 'It was cut off in the middle, and taken up again.',
} as const;

/** Where a run comes from and how it went on, in sentences; none for one that went straight from beginning to end. */
export function historyLines({ parent, resumedAfter }: RunReport): string[] {
  const branch = parent ? [`It branched off the run ${oneLine(parent.run)} after its event ${parent.seq}.`] : [];
  return [...branch, ...resumedAfter.map((why) => AFTER[why])];
}
