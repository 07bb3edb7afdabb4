import { assertNever } from '../events/event.ts';
import { leadOf } from './copeland.ts';
import { countedPreferences, type Preference } from './preference.ts';
import { scoreBy } from './tally.ts';
import type { TallyInput } from './tally-input.ts';

/**
 * True when up to `missing` further ballots, whatever they say, leave the same winner as `tally` names now. Never
 * true by mistake; false where only a tie-break would decide, since ballots may change what a tie-break looks at.
 *
 * Why it is right: one ballot moves the difference between two scores by at most 1 under `plurality` and `approval`,
 * and by at most n-1 under `borda` (one first, the other last of n). So a lead of more than that many points per
 * missing ballot stands. Under `copeland` a pair whose lead is above `missing` cannot turn; every other pair may go
 * either way, so the winner's least possible score is held against every other one's greatest.
 */
export function canNoLongerChange(input: TallyInput, missing: number): boolean {
  const { candidates, rule } = input;
  const counted = countedPreferences(input);
  if (counted.length === 0) return false;
  if (candidates.length === 1) return true;
  if (rule === 'copeland') return isCopelandCertain(counted, candidates.length, missing);
  const [first = 0, second = 0] = scoreBy(rule, counted, candidates.length).toSorted((a, b) => b - a);
  return first - second > missing * shiftPerBallot(rule, candidates.length);
}

/** How far one ballot can move the difference between the scores of two candidates. */
function shiftPerBallot(rule: Exclude<TallyInput['rule'], 'copeland'>, candidateCount: number): number {
  switch (rule) {
    case 'plurality':
    case 'approval':
      return 1;
    case 'borda':
      return candidateCount - 1;
    default:
      return assertNever(rule);
  }
}

function isCopelandCertain(counted: readonly Preference[], candidateCount: number, missing: number): boolean {
  const indexes = Array.from({ length: candidateCount }, (_, index) => index);
  const ranges = indexes.map((a) => {
    let least = 0;
    let greatest = 0;
    for (const b of indexes) {
      if (a === b) continue;
      const lead = leadOf(a, b, counted);
      if (lead > missing) least += 1;
      if (lead >= -missing) greatest += 1;
    }
    return { least, greatest };
  });
  return indexes.some((a) => indexes.every((b) => a === b || (ranges[a]?.least ?? 0) > (ranges[b]?.greatest ?? 0)));
}
