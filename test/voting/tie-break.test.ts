import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakTie } from '../../src/voting/tie-break.ts';
import { candidates, TIE_BREAKS } from './elections.ts';

const tied = [0, 1, 2];
const equal = candidates(3).map((candidate) => ({ ...candidate, seq: 7 }));

describe('breaking a tie', () => {
  it('has nothing to do when there is none', () => {
    const input = { candidates: candidates(3), tied: [1], tieBreak: 'random', seed: 1, borda: [1, 2, 3] } as const;
    expect(breakTie(input)).toEqual([]);
  });

  it('lists every step that was asked, and who was left after it', () => {
    const tokens = candidates(4).map((candidate, index) => ({ ...candidate, tokens: index === 0 ? 900 : 100 }));
    expect(
      breakTie({ candidates: tokens, tied: [0, 1, 2], tieBreak: 'fewest-tokens', seed: 1, borda: [5, 5, 5, 9] }),
    ).toEqual([
      { by: 'borda', left: [0, 1, 2] },
      { by: 'fewest-tokens', left: [1, 2] },
      { by: 'earliest-answer', left: [2] },
    ]);
  });

  it('ends with registration order when nothing else separates the candidates', () => {
    expect(breakTie({ candidates: equal, tied, tieBreak: 'fewest-tokens', seed: 1, borda: null })).toEqual([
      { by: 'fewest-tokens', left: tied },
      { by: 'earliest-answer', left: tied },
      { by: 'registration', left: [0] },
    ]);
  });

  it('always ends with one of the tied candidates', () => {
    fc.assert(
      fc.property(
        fc.subarray([0, 1, 2, 3, 4], { minLength: 2 }),
        fc.constantFrom(...TIE_BREAKS),
        fc.integer(),
        (some, tieBreak, seed) => {
          const left = breakTie({ candidates: candidates(5), tied: some, tieBreak, seed, borda: null }).at(-1)?.left;
          expect(left).toHaveLength(1);
          expect(some).toContain(left?.[0]);
        },
      ),
    );
  });
});

describe('a lot', () => {
  const drawnBy = (seed: number, some: readonly number[] = tied): number | undefined =>
    breakTie({ candidates: equal, tied: some, tieBreak: 'random', seed, borda: null }).at(-1)?.left[0];

  it('gives every candidate about the same chance over neighbouring seeds', () => {
    const wins = [0, 0, 0];
    for (let seed = 0; seed < 3000; seed++) wins[drawnBy(seed)!]! += 1;
    expect(wins.every((count) => count > 900 && count < 1100)).toBe(true);
  });

  // Other winners here would decide the ties of recorded runs in another way.
  it('falls the same way for the same seed in every version', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => drawnBy(seed))).toEqual([2, 0, 1, 1, 1, 1, 0, 0]);
  });

  it('is not changed between two candidates by a third one that loses it', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const winner = drawnBy(seed);
        const loser = tied.find((index) => index !== winner);
        expect(
          drawnBy(
            seed,
            tied.filter((index) => index !== loser),
          ),
        ).toBe(winner);
      }),
    );
  });
});
