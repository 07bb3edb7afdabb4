import { firstChoiceKappa } from './fleiss-kappa.ts';
import { kendallW } from './kendall-w.ts';
import { marginOf } from './margin.ts';
import { scorePlurality } from './plurality.ts';
import { readPreferences } from './preference.ts';
import { selfVoteRate } from './self-votes.ts';
import { tally } from './tally.ts';
import type { TallyInput } from './tally-input.ts';

/** How much the voters of one vote agreed. A figure is null where it is not defined. */
export interface Agreement {
  /** Ballots that were looked at: every one given, self-votes included. */
  ballots: number;
  /** Share of ballots for the voter's own answer, 0 … 1. */
  selfVoteRate: number | null;
  /** Fleiss' kappa of the first choices: 1 unanimous, 0 chance. */
  firstChoiceKappa: number | null;
  /** Kendall's W of the rankings: 1 identical, 0 unrelated. */
  rankingConcordance: number | null;
  /** Lead of the winner over the second, in points of the rule that decided. */
  margin: number | null;
}

/** Measures a vote. Self-votes are part of every figure but the margin, which follows the input's `countSelfVotes`. */
export function measureAgreement(input: TallyInput): Agreement {
  const preferences = readPreferences(input.ballots, input.candidates);
  return {
    ballots: preferences.length,
    selfVoteRate: selfVoteRate(preferences),
    firstChoiceKappa: firstChoiceKappa(scorePlurality(preferences, input.candidates.length)),
    rankingConcordance: kendallW(preferences.map((preference) => preference.places)),
    margin: marginOf(tally(input)?.scores ?? []),
  };
}
