import type { Preference } from './preference.ts';

/** One point per ballot for its first choice. Returns one score per candidate index. */
export function scorePlurality(preferences: readonly Preference[], candidateCount: number): number[] {
  const scores = Array.from({ length: candidateCount }, () => 0);
  for (const { first } of preferences) scores[first] = (scores[first] ?? 0) + 1;
  return scores;
}
