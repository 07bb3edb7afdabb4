import type { Score } from '../events/event.ts';

/** How far the best score is ahead of the second best, in points of the rule; 0 is a tie, null with fewer than two. */
export function marginOf(scores: readonly Score[]): number | null {
  const [best, second] = scores.map((entry) => entry.score).toSorted((a, b) => b - a);
  return best === undefined || second === undefined ? null : best - second;
}
