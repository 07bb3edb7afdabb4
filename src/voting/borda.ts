import type { Preference } from './preference.ts';

/**
 * Borda count: with n candidates the first place is worth n-1 points, the last 0. Unlisted candidates get the average
 * of the places left to them, so every ballot gives away n(n-1)/2 points however short it is. Sums are exact, since
 * points are halves of integers. Returns one score per candidate index.
 */
export function scoreBorda(preferences: readonly Preference[], candidateCount: number): number[] {
  const scores = Array.from({ length: candidateCount }, () => 0);
  for (const { listed, places } of preferences) {
    const unlistedPoints = (candidateCount - listed.length - 1) / 2;
    places.forEach((place, index) => {
      const points = place < listed.length ? candidateCount - 1 - place : unlistedPoints;
      scores[index] = (scores[index] ?? 0) + points;
    });
  }
  return scores;
}
