import type { Random } from '../../events/random.ts';

/**
 * Draws from a beta distribution, as Thompson sampling does to weigh what is known of a choice. Throws a RangeError
 * unless both parameters are above 0.
 */
export function betaSample(alpha: number, beta: number, random: Random): number {
  const x = gammaSample(alpha, random);
  const y = gammaSample(beta, random);
  return x + y === 0 ? alpha / (alpha + beta) : x / (x + y);
}

/**
 * Source: G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", ACM Transactions on Mathematical
 * Software 26 (2000), 363–372.
 */
function gammaSample(shape: number, random: Random): number {
  if (!(shape > 0)) throw new RangeError(`a shape must be above 0, and is ${shape}`);
  if (shape < 1) return gammaSample(shape + 1, random) * positive(random) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalSample(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(positive(random)) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Standard normal, by the method of Box and Muller. */
export function normalSample(random: Random): number {
  return Math.sqrt(-2 * Math.log(positive(random))) * Math.cos(2 * Math.PI * random.next());
}

/** Above 0, so that it has a logarithm. */
function positive(random: Random): number {
  return 1 - random.next();
}
