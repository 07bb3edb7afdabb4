import type { Preference } from './preference.ts';

/** Share of ballots whose first choice is the voter's own answer, 0 … 1; null without ballots. */
export function selfVoteRate(preferences: readonly Preference[]): number | null {
  if (preferences.length === 0) return null;
  return preferences.filter((preference) => preference.isSelfVote).length / preferences.length;
}
