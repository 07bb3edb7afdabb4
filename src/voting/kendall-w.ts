/**
 * Kendall's coefficient of concordance W, corrected for ties: how far several rankings of the same things agree;
 * 1 is the same ranking from everyone, 0 is no agreement at all.
 *
 *     W = (12 Σ R² - 3 m² n (n+1)²) / (m² n (n²-1) - m Σ (t³-t))
 *
 * with m rankings of n things, R the rank sum of a thing, and t the size of each group of equal ranks.
 *
 * Null where it is not defined: fewer than two rankings or two things, or rankings that put everything equal.
 *
 * Source: M. G. Kendall and B. Babington Smith, "The problem of m rankings", Annals of Mathematical Statistics 10
 * (1939), 275–287; the correction as in S. Siegel and N. J. Castellan, "Nonparametric Statistics" (1988), 9.6.
 *
 * @param rankings one per voter: per thing its place, lower is better; equal places are ties and any gap is allowed
 */
export function kendallW(rankings: readonly (readonly number[])[]): number | null {
  const m = rankings.length;
  const n = rankings[0]?.length ?? 0;
  if (m < 2 || n < 2) return null;

  const rankSums = Array.from({ length: n }, () => 0);
  let tieTerm = 0;
  for (const places of rankings) {
    const ranks = averageRanks(places);
    ranks.forEach((rank, index) => (rankSums[index] = (rankSums[index] ?? 0) + rank));
    for (const size of groupSizes(places)) tieTerm += size ** 3 - size;
  }
  const squares = rankSums.reduce((total, rank) => total + rank * rank, 0);
  const denominator = m * m * n * (n * n - 1) - m * tieTerm;
  return denominator === 0 ? null : (12 * squares - 3 * m * m * n * (n + 1) ** 2) / denominator;
}

/** Ranks 1 … n; equal places share the average of the ranks they take. */
function averageRanks(places: readonly number[]): number[] {
  return places.map((place) => {
    const better = places.filter((other) => other < place).length;
    const equal = places.filter((other) => other === place).length;
    return better + (equal + 1) / 2;
  });
}

function groupSizes(places: readonly number[]): number[] {
  const sizes = new Map<number, number>();
  for (const place of places) sizes.set(place, (sizes.get(place) ?? 0) + 1);
  return [...sizes.values()];
}
