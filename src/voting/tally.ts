import { assertNever } from '../events/event.ts';
import type { VotingRule } from '../events/settings.ts';
import { scoreApproval } from './approval.ts';
import { scoreBorda } from './borda.ts';
import { scoreCopeland } from './copeland.ts';
import { scorePlurality } from './plurality.ts';
import { countedPreferences, readPreferences, type Preference } from './preference.ts';
import { explainWinner } from './reason.ts';
import type { TallyInput, TallyResult } from './tally-input.ts';
import { breakTie } from './tie-break.ts';

/**
 * Counts the ballots and names the winner, with a reason for the user. Null when there is nothing to decide by: no
 * candidate, no ballot, or only ballots that are left out since they list nothing but their voters' own answers. Depends on its input alone, not on the order of the
 * ballots; never throws.
 *
 * Under `copeland` Borda points come before the tie-break rule; under the other rules the tie-break rule comes first.
 */
export function tally(input: TallyInput): TallyResult | null {
  const { candidates, rule, tieBreak, seed } = input;
  const counted = countedPreferences(input);
  if (counted.length === 0) return null;

  const scores = scoreBy(rule, counted, candidates.length);
  const firstChoices = scorePlurality(counted, candidates.length);
  const borda = rule === 'copeland' ? scoreBorda(counted, candidates.length) : null;

  const best = Math.max(...scores);
  const leaders = candidates.flatMap((_, index) => (scores[index] === best ? [index] : []));
  const rounds = breakTie({ candidates, tied: leaders, tieBreak, seed, borda });
  const lastRound = rounds.at(-1);
  const winner = lastRound?.left[0] ?? leaders[0] ?? 0;

  const ranked = candidates
    .map(({ label }, index) => ({
      index,
      score: { label, score: scores[index] ?? 0, firstChoices: firstChoices[index] ?? 0 },
    }))
    .toSorted(
      (a, b) =>
        b.score.score - a.score.score ||
        Number(b.index === winner) - Number(a.index === winner) ||
        b.score.firstChoices - a.score.firstChoices ||
        a.index - b.index,
    )
    .map(({ score }) => score);

  return {
    label: candidates[winner]?.label ?? '',
    rule,
    scores: ranked,
    tie: lastRound ? { labels: leaders.map((index) => candidates[index]?.label ?? ''), decidedBy: lastRound.by } : null,
    ballots: counted.length,
    reason: explainWinner({
      candidates,
      rule,
      winner,
      scores,
      leaders,
      rounds,
      borda,
      counted,
      ...fateOfSelfVotes(input, counted),
    }),
  };
}

/** How many self-votes went to their voters' next choices, and how many found none. */
function fateOfSelfVotes(input: TallyInput, counted: readonly Preference[]): { passedOn: number; leftOut: number } {
  if (input.countSelfVotes) return { passedOn: 0, leftOut: 0 };
  const cast = readPreferences(input.ballots, input.candidates);
  const leftOut = cast.length - counted.length;
  return { passedOn: cast.filter(({ isSelfVote }) => isSelfVote).length - leftOut, leftOut };
}

/** One score per candidate index, higher is better. */
export function scoreBy(rule: VotingRule, preferences: readonly Preference[], candidateCount: number): number[] {
  switch (rule) {
    case 'copeland':
      return scoreCopeland(preferences, candidateCount);
    case 'borda':
      return scoreBorda(preferences, candidateCount);
    case 'plurality':
      return scorePlurality(preferences, candidateCount);
    case 'approval':
      return scoreApproval(preferences, candidateCount);
    default:
      return assertNever(rule);
  }
}
