import { assertNever } from '../events/event.ts';
import type { VotingRule } from '../events/settings.ts';
import { countedPreferences, type Preference } from './preference.ts';
import { tally } from './tally.ts';
import type { TallyInput } from './tally-input.ts';

/**
 * How likely it is, by the ballots so far, that the answer that `tally` names now is really the preferred one: the chance
 * that most of all who could be asked prefer it to another answer, for that other answer with which it is the least. Any
 * share was as likely as any other before, so `a` ballots for it and `b` against it give the Beta distribution
 * (a+1, b+1). 0 where nothing decides yet; at most 0.5 where two are level.
 */
export function leadLikelihood(input: TallyInput): number {
  const { candidates, rule } = input;
  const winner = candidates.findIndex(({ label }) => label === tally(input)?.label);
  if (winner < 0) return 0;
  const counted = countedPreferences(input);
  const others = candidates.flatMap((_, index) => (index === winner ? [] : [index]));
  return Math.min(
    1,
    ...others.map((other) => {
      const ahead = counted.filter((each) => prefers(rule, each, winner, other)).length;
      const behind = counted.filter((each) => prefers(rule, each, other, winner)).length;
      return majorityChance(ahead, behind);
    }),
  );
}

/** Whether a ballot speaks for one answer more than for the other, in the sense of the rule that it is counted by. */
function prefers(rule: VotingRule, { first, listed, places }: Preference, one: number, other: number): boolean {
  switch (rule) {
    case 'plurality':
      return first === one;
    case 'approval':
      return listed.includes(one) && !listed.includes(other);
    case 'copeland':
    case 'borda':
      return (places[one] ?? 0) < (places[other] ?? 0);
    default:
      return assertNever(rule);
  }
}

/**
 * The chance that a share with the Beta distribution (ahead+1, behind+1) is above one half. For whole numbers it is that of
 * at most `ahead` heads in ahead+behind+1 throws of a coin.
 */
export function majorityChance(ahead: number, behind: number): number {
  const throws = ahead + behind + 1;
  let sum = 0;
  // In logarithms, since numbers of ways are soon beyond any number.
  let logChance = -throws * Math.LN2;
  for (let heads = 0; heads <= ahead; heads += 1) {
    sum += Math.exp(logChance);
    logChance += Math.log((throws - heads) / (heads + 1));
  }
  return Math.min(1, sum);
}
