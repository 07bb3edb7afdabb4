/**
 * The exact two-sided test whether two systems that were asked the same questions are right equally often. Only the
 * questions count that exactly one of them got right: `onlyFirst` and `onlySecond`. Returns the probability of a
 * difference at least as large by chance; 1 where they never differ.
 *
 * Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages",
 * Psychometrika 12 (1947), 153–157, with the binomial distribution in place of its approximation.
 */
export function mcnemarTest(onlyFirst: number, onlySecond: number): number {
  const trials = onlyFirst + onlySecond;
  if (trials === 0) return 1;
  const fewer = Math.min(onlyFirst, onlySecond);
  // Summed by their logarithms: 2^-1100 would be 0.
  let log = -trials * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= fewer; k += 1) {
    tail += Math.exp(log);
    log += Math.log((trials - k) / (k + 1));
  }
  return Math.min(1, 2 * tail);
}
