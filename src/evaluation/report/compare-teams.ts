import { seededRandom } from '../../events/random.ts';
import { bootstrapInterval } from '../statistics/bootstrap-interval.ts';
import { holmCorrection } from '../statistics/holm-correction.ts';
import type { Interval } from '../statistics/interval.ts';
import { mcnemarTest } from '../statistics/mcnemar-test.ts';
import { sampleSize } from '../statistics/sample-size.ts';
import type { TrialRecord } from '../trials/trial-record.ts';
import { isRight, type TeamReport } from './report-team.ts';

/** Differences that are rarer than this by chance count as found. */
export const ALPHA = 0.05;

/** Two teams on the trials that both have done. */
export interface Comparison {
  first: string;
  second: string;
  trials: number;
  onlyFirst: number;
  onlySecond: number;
  /** Of the first over the second, as a share; the interval is drawn over cases, since seeds of one case hang together. */
  difference: number;
  interval: Interval | null;
  /** Of McNemar's exact test. */
  p: number;
  /** The same, corrected by Holm's method for the number of pairs that are compared; what counts. */
  pCorrected: number;
  /** Pairs that are compared, this one included. */
  pairs: number;
  /** Tokens and USD of the first in shares of the second; null where the second needs none, or a price is unknown. */
  tokens: number | null;
  usd: number | null;
  /** Trials that would be needed to see the difference found, among so many pairs; null where there is none. */
  needed: number | null;
}

/** Every team with every other, once. Pure. */
export function compareAll(teams: readonly TeamReport[], records: readonly TrialRecord[]): Comparison[] {
  const pairs = teams.flatMap((first, index) =>
    teams.slice(index + 1).flatMap((second) => compareTeams(first, second, records) ?? []),
  );
  const corrected = holmCorrection(pairs.map(({ p }) => p));
  return pairs.map((pair, index) => ({
    ...pair,
    pCorrected: corrected[index] ?? pair.p,
    pairs: pairs.length,
    needed: neededFor(pair, pairs.length),
  }));
}

/** As the only pair. Null where the teams have no trial in common. Pure: the bootstrap draws from a fixed seed. */
export function compareTeams(
  first: TeamReport,
  second: TeamReport,
  records: readonly TrialRecord[],
): Comparison | null {
  const pairs = pairsOf(first.team, second.team, records);
  if (pairs.length === 0) return null;
  const onlyFirst = pairs.filter(({ a, b }) => a && !b).length;
  const onlySecond = pairs.filter(({ a, b }) => b && !a).length;
  const difference = (onlyFirst - onlySecond) / pairs.length;
  const p = mcnemarTest(onlyFirst, onlySecond);
  return {
    first: first.team,
    second: second.team,
    trials: pairs.length,
    onlyFirst,
    onlySecond,
    difference,
    interval: bootstrapInterval(byCase(pairs), seededRandom(`${first.team}/${second.team}`)),
    p,
    pCorrected: p,
    pairs: 1,
    tokens: second.tokens === 0 ? null : first.tokens / second.tokens,
    usd: second.usd === 0 || !first.isCostComplete || !second.isCostComplete ? null : first.usd / second.usd,
    needed: neededFor({ difference, onlyFirst, onlySecond, trials: pairs.length }, 1),
  };
}

/** Enough for the strictest p that the correction may ask for. */
function neededFor(
  { difference, onlyFirst, onlySecond, trials }: Pick<Comparison, 'difference' | 'onlyFirst' | 'onlySecond' | 'trials'>,
  pairs: number,
): number | null {
  if (difference === 0) return null;
  const discordance = (onlyFirst + onlySecond) / trials;
  return sampleSize({ difference: Math.abs(difference), discordance, alpha: ALPHA / pairs });
}

interface Pair {
  item: string;
  a: boolean;
  b: boolean;
}

function pairsOf(first: string, second: string, records: readonly TrialRecord[]): Pair[] {
  const seconds = new Map(records.filter(({ team }) => team === second).map((record) => [slotOf(record), record]));
  return records.flatMap((record) => {
    const other = record.team === first ? seconds.get(slotOf(record)) : undefined;
    return other ? [{ item: record.item, a: isRight(record), b: isRight(other) }] : [];
  });
}

function slotOf({ item, seed }: TrialRecord): string {
  return `${item}/${seed}`;
}

/** The mean difference on each case. */
function byCase(pairs: readonly Pair[]): number[] {
  const cases = Map.groupBy(pairs, ({ item }) => item);
  return [...cases.values()].map(
    (each) => each.reduce((sum, { a, b }) => sum + Number(a) - Number(b), 0) / each.length,
  );
}
