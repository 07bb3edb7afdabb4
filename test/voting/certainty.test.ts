import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canNoLongerChange } from '../../src/voting/certainty.ts';
import type { CastBallot, TallyInput } from '../../src/voting/tally-input.ts';
import { tally } from '../../src/voting/tally.ts';
import { anyElection, ballot, election, RULES } from './elections.ts';

/** Every ballot that can be cast on these labels: each ordered choice of one or more of them. */
function everyRanking(labels: readonly string[]): string[][] {
  return labels.flatMap((first) => {
    const others = labels.filter((label) => label !== first);
    return [[first], ...everyRanking(others).map((rest) => [first, ...rest])];
  });
}

/** All ways in which up to `missing` voters may still vote; a voter may also stay away. */
function completions(input: TallyInput, missing: number): CastBallot[][] {
  if (missing === 0) return [[]];
  const rankings = everyRanking(input.candidates.map((candidate) => candidate.label));
  const voter = `late${missing}`;
  return completions(input, missing - 1).flatMap((earlier) => [
    earlier,
    ...rankings.map((ranking) => [...earlier, { voter, choice: ranking[0] ?? '', ranking }]),
  ]);
}

const winnerOf = (input: TallyInput): string | undefined => tally(input)?.label;
const withMore = (input: TallyInput, more: readonly CastBallot[]): TallyInput => ({
  ...input,
  ballots: [...input.ballots, ...more],
});

describe('a vote that can no longer change', () => {
  it.each(RULES)('under %s has the same winner whatever the missing ballots say, all of them tried', (rule) => {
    let certain = 0;
    fc.assert(
      fc.property(
        anyElection([rule]).filter((input) => input.candidates.length <= 3),
        fc.integer({ min: 0, max: 2 }),
        (input, missing) => {
          if (!canNoLongerChange(input, missing)) return;
          certain += 1;
          const winner = winnerOf(input);
          const others = completions(input, missing).filter((more) => winnerOf(withMore(input, more)) !== winner);
          expect(others).toEqual([]);
        },
      ),
      { numRuns: 600 },
    );
    expect(certain).toBeGreaterThan(20);
  });

  it.each(RULES)(
    'under %s has the same winner with any larger number of missing ballots, some of them tried',
    (rule) => {
      const labels = (input: TallyInput): string[] => input.candidates.map((candidate) => candidate.label);
      const worlds = anyElection([rule]).chain((input) =>
        fc.record({
          input: fc.constant(input),
          more: fc.array(fc.shuffledSubarray(labels(input), { minLength: 1 }), { maxLength: 4 }),
        }),
      );
      fc.assert(
        fc.property(worlds, ({ input, more }) => {
          if (!canNoLongerChange(input, more.length)) return;
          const late = more.map((ranking, i) => ({ voter: `late${i}`, choice: ranking[0] ?? '', ranking }));
          expect(winnerOf(withMore(input, late))).toBe(winnerOf(input));
        }),
        { numRuns: 2_000 },
      );
    },
  );

  it.each([
    ['plurality', ['1', '1', '1', '2'], 1, true],
    ['plurality', ['1', '1', '2'], 1, false],
    ['approval', ['1', '1', '12'], 1, true],
    ['approval', ['1', '12', '12'], 1, false],
    ['borda', ['123', '123', '132'], 1, true],
    ['borda', ['123', '123', '213'], 1, false],
    ['copeland', ['123', '123', '132'], 1, true],
    ['copeland', ['123', '123', '213'], 1, false],
  ] as const)('%s with %j and %i missing: %s', (rule, ballots, missing, expected) => {
    expect(canNoLongerChange(election(rule, 3, ...ballots), missing)).toBe(expected);
  });

  it.each(RULES)('is seen under %s once a majority of a unanimous team has voted', (rule) => {
    expect(canNoLongerChange(election(rule, 3, '1', '1', '1'), 2)).toBe(true);
  });

  it('is none before any ballot counts', () => {
    expect(canNoLongerChange(election('plurality', 2), 1)).toBe(false);
    const own = { ...election('plurality', 2), ballots: [ballot('agent1', '1')], countSelfVotes: false };
    expect(canNoLongerChange(own, 0)).toBe(false);
  });

  it('does not count self-votes that are left out', () => {
    const input = election('plurality', 2, '1', '1');
    const own = { ...input, ballots: [...input.ballots, ballot('agent2', '2'), ballot('agent1', '1')] };
    expect(canNoLongerChange({ ...own, countSelfVotes: false }, 1)).toBe(true);
    expect(canNoLongerChange({ ...own, countSelfVotes: false }, 2)).toBe(false);
  });
});
