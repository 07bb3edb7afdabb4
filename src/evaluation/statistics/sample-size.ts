import { normalQuantile } from './normal-quantile.ts';

export interface SampleSizeOptions {
  /** The difference in accuracy that should be seen, as a share: 0.03 is 3 points. */
  difference: number;
  /** Share of questions that exactly one of the two systems gets right. At least `difference`. */
  discordance: number;
  /** Probability of a false alarm, two-sided. */
  alpha?: number;
  /** Probability of seeing the difference if it is there. */
  power?: number;
}

/**
 * How many questions a paired comparison of two systems needs. Throws a RangeError for shares that cannot be. Three
 * points at 10 % discordance, 80 % power and 5 % alpha need 870.
 *
 * Source: R. J. Connor, "Sample size for testing differences in proportions for the paired-sample design", Biometrics 43
 * (1987), 207–211.
 */
export function sampleSize({ difference, discordance, alpha = 0.05, power = 0.8 }: SampleSizeOptions): number {
  if (!(difference > 0 && discordance <= 1 && difference <= discordance)) {
    throw new RangeError('The difference must be above 0 and at most the discordance, which is at most 1.');
  }
  const chance = normalQuantile(1 - alpha / 2) * Math.sqrt(discordance);
  const real = normalQuantile(power) * Math.sqrt(discordance - difference ** 2);
  return Math.ceil(((chance + real) / difference) ** 2);
}
