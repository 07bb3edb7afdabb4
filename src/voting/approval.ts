import type { Preference } from './preference.ts';

/** One point per ballot for every candidate it lists: listing is approving. Returns one score per candidate index. */
export function scoreApproval(preferences: readonly Preference[], candidateCount: number): number[] {
  const scores = Array.from({ length: candidateCount }, () => 0);
  for (const { listed } of preferences) {
    for (const index of listed) scores[index] = (scores[index] ?? 0) + 1;
  }
  return scores;
}
