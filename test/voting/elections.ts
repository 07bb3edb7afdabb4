import fc from 'fast-check';
import type { TieBreak, VotingRule } from '../../src/events/settings.ts';
import type { Candidate, CastBallot, TallyInput } from '../../src/voting/tally-input.ts';

export const RULES: VotingRule[] = ['copeland', 'borda', 'plurality', 'approval'];
export const TIE_BREAKS: TieBreak[] = ['earliest-answer', 'registration', 'fewest-tokens', 'random'];

/** Candidates `agent1.1` … in registration order, answered in the opposite order, all with the same tokens. */
export function candidates(count: number): Candidate[] {
  return Array.from({ length: count }, (_, index) => ({
    label: `agent${index + 1}.1`,
    alias: `agent${index + 1}`,
    seq: 100 - index,
    tokens: 500,
  }));
}

/** A ballot from digits, best first: `ballot('agent1', '213')` ranks agent2.1, agent1.1, agent3.1. */
export function ballot(voter: string, digits: string): CastBallot {
  const ranking = Array.from(digits, (digit) => `agent${digit}.1`);
  return { voter, choice: ranking[0] ?? '', ranking };
}

/** One ballot per string; voters are `voter1`, `voter2` … who wrote no answer. */
export function election(rule: VotingRule, count: number, ...ballots: string[]): TallyInput {
  return {
    candidates: candidates(count),
    ballots: ballots.map((digits, index) => ballot(`voter${index + 1}`, digits)),
    rule,
    tieBreak: 'earliest-answer',
    countSelfVotes: true,
    seed: 1,
  };
}

/** Any election: 1 to 5 answers, 0 to 7 ballots of any length, agents voting for themselves included. */
export function anyElection(rules: readonly VotingRule[] = RULES): fc.Arbitrary<TallyInput> {
  return fc.integer({ min: 1, max: 5 }).chain((count) => {
    const labels = candidates(count).map((candidate) => candidate.label);
    const ranking = fc.shuffledSubarray(labels, { minLength: 1 });
    return fc.record({
      candidates: fc
        .tuple(
          fc.uniqueArray(fc.integer({ min: 1, max: 900 }), { minLength: count, maxLength: count }),
          fc.array(fc.integer({ min: 0, max: 3 }), { minLength: count, maxLength: count }),
        )
        .map(([seqs, tokens]) =>
          candidates(count).map((candidate, index) => ({
            ...candidate,
            seq: seqs[index] ?? 0,
            tokens: tokens[index] ?? 0,
          })),
        ),
      ballots: fc
        .array(ranking, { maxLength: 7 })
        .map((rankings) =>
          rankings.map((list, index) => ({ voter: `agent${index + 1}`, choice: list[0] ?? '', ranking: list })),
        ),
      rule: fc.constantFrom(...rules),
      tieBreak: fc.constantFrom(...TIE_BREAKS),
      countSelfVotes: fc.boolean(),
      seed: fc.integer(),
    });
  });
}
