import type { Preference } from './preference.ts';

/**
 * Copeland's rule: every two candidates are compared; more ballots that rank one above the other is a win worth 1,
 * as many each way is a tie worth 0.5 to both. A ballot has no preference between two candidates it does not list.
 * A candidate that beats every other one has n-1 points, and is the only one that can. Returns one score per
 * candidate index.
 */
export function scoreCopeland(preferences: readonly Preference[], candidateCount: number): number[] {
  const scores = Array.from({ length: candidateCount }, () => 0);
  for (let a = 0; a < candidateCount; a++) {
    for (let b = a + 1; b < candidateCount; b++) {
      const lead = leadOf(a, b, preferences);
      scores[a] = (scores[a] ?? 0) + (lead > 0 ? 1 : lead === 0 ? 0.5 : 0);
      scores[b] = (scores[b] ?? 0) + (lead < 0 ? 1 : lead === 0 ? 0.5 : 0);
    }
  }
  return scores;
}

/** Ballots that rank `a` above `b`, less those that rank `b` above `a`. */
export function leadOf(a: number, b: number, preferences: readonly Preference[]): number {
  let lead = 0;
  for (const { places } of preferences) lead += Math.sign((places[b] ?? 0) - (places[a] ?? 0));
  return lead;
}
