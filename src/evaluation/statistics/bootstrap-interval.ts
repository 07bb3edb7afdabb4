import type { Random } from '../../events/random.ts';
import type { Interval } from './interval.ts';

const RESAMPLES = 2000;

/**
 * The percentile interval for the mean of `values`, by drawing them again with replacement. For the difference of two
 * paired series give their differences. Null without values.
 *
 * Source: B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", Chapman & Hall (1993), chapter 13.
 */
export function bootstrapInterval(
  values: readonly number[],
  random: Random,
  resamples: number = RESAMPLES,
): Interval | null {
  if (values.length === 0) return null;
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i += 1) sum += random.pick(values);
    return sum / values.length;
  }).toSorted((a, b) => a - b);
  const at = (share: number): number => means[Math.min(resamples - 1, Math.floor(share * resamples))] ?? Number.NaN;
  return { low: at(0.025), high: at(0.975) };
}
