/**
 * What the p of several tests are worth when the best of them is looked for: in the order of `ps`, each at least as large as it
 * was. Whoever counts those below 5 % as found takes a chance difference for a real one in at most 5 % of all reports.
 *
 * Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979),
 * 65–70.
 */
export function holmCorrection(ps: readonly number[]): number[] {
  const corrected = [...ps];
  let highest = 0;
  for (const [rank, { p, index }] of ps
    .map((each, place) => ({ p: each, index: place }))
    .toSorted((a, b) => a.p - b.p)
    .entries()) {
    highest = Math.max(highest, Math.min(1, (ps.length - rank) * p));
    corrected[index] = highest;
  }
  return corrected;
}
