/** Trials of one group, such as all seeds of one question. */
export interface Cluster {
  hits: number;
  of: number;
}

/**
 * How many independent trials as many trials are worth of which some belong together: all of them where they differ within
 * a group as much as between groups, the number of groups where each group is all right or all wrong. The design effect
 * 1 + (m - 1) r, with r, how alike trials of one group are, by analysis of variance. Groups without trials do not count.
 *
 * Sources: L. Kish, "Survey Sampling", Wiley (1965), 5.4; A. Donner, N. Klar, "Design and Analysis of Cluster
 * Randomization Trials in Health Research", Arnold (2000), chapter 1.
 */
export function effectiveSize(clusters: readonly Cluster[]): number {
  const groups = clusters.filter(({ of }) => of > 0);
  const count = groups.length;
  const all = sum(groups.map(({ of }) => of));
  if (all === count) return all;
  if (count < 2) return count;
  const share = sum(groups.map(({ hits }) => hits)) / all;
  const squares = sum(groups.map(({ of }) => of ** 2)) / all;
  const between = sum(groups.map(({ hits, of }) => of * (hits / of - share) ** 2)) / (count - 1);
  const within = sum(groups.map(({ hits, of }) => (hits * (of - hits)) / of)) / (all - count);
  const usual = (all - squares) / (count - 1);
  const spread = between + (usual - 1) * within;
  // Where nothing differs, nothing tells how much one more seed would say.
  const alike = spread === 0 ? 1 : Math.min(1, Math.max(0, (between - within) / spread));
  return Math.max(count, all / (1 + (squares - 1) * alike));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
