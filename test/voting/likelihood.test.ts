import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leadLikelihood, majorityChance } from '../../src/voting/likelihood.ts';
import type { TallyInput } from '../../src/voting/tally-input.ts';
import { tally } from '../../src/voting/tally.ts';
import { anyElection, election, RULES } from './elections.ts';

/** The same chance, by adding up the density of the Beta distribution above one half. */
function byDensity(ahead: number, behind: number): number {
  const steps = 20_000;
  const density = (share: number): number => share ** ahead * (1 - share) ** behind;
  let [all, above] = [0, 0];
  for (let step = 0; step < steps; step += 1) {
    const part = density((step + 0.5) / steps);
    all += part;
    if (step >= steps / 2) above += part;
  }
  return above / all;
}

describe('the chance of a majority', () => {
  it.each([
    [0, 0, 0.5],
    [1, 0, 0.75],
    [3, 0, 0.9375],
    [4, 0, 0.96875],
    [2, 2, 0.5],
    [0, 1, 0.25],
  ])('with %d ballots for it and %d against it is %d', (ahead, behind, chance) => {
    expect(majorityChance(ahead, behind)).toBeCloseTo(chance, 12);
  });

  it('is the share of the Beta distribution above one half', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), (ahead, behind) => {
        expect(majorityChance(ahead, behind)).toBeCloseTo(byDensity(ahead, behind), 5);
      }),
      { numRuns: 60 },
    );
  });

  it('grows with ballots for it, falls with those against it, and both sides make one', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(400), (ahead, behind) => {
        const chance = majorityChance(ahead, behind);
        expect(majorityChance(ahead + 1, behind)).toBeGreaterThanOrEqual(chance - 1e-9);
        expect(majorityChance(ahead, behind + 1)).toBeLessThanOrEqual(chance + 1e-9);
        expect(chance + majorityChance(behind, ahead)).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('the likelihood of the leading answer', () => {
  const more = (input: TallyInput, ...ballots: TallyInput['ballots'][number][]): TallyInput => ({
    ...input,
    ballots: [...input.ballots, ...ballots],
  });

  it.each(RULES)('under %s never falls with another ballot for the winner alone', (rule) => {
    fc.assert(
      fc.property(anyElection([rule]), (input) => {
        const winner = tally(input)?.label;
        if (winner === undefined) return;
        const next = more(input, { voter: 'late', choice: winner, ranking: [winner] });
        expect(leadLikelihood(next)).toBeGreaterThanOrEqual(leadLikelihood(input) - 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it.each(RULES)('under %s does not depend on the order of the ballots', (rule) => {
    fc.assert(
      fc.property(anyElection([rule]), (input) => {
        const turned = { ...input, ballots: input.ballots.toReversed() };
        expect(leadLikelihood(turned)).toBe(leadLikelihood(input));
      }),
      { numRuns: 200 },
    );
  });

  it('is that of the strongest other answer', () => {
    const input = election('plurality', 3, '1', '1', '1', '1', '2', '3');
    expect(leadLikelihood(input)).toBeCloseTo(majorityChance(4, 1), 12);
  });

  it('is nothing without a ballot, and no more than one half where two are level', () => {
    expect(leadLikelihood(election('plurality', 2))).toBe(0);
    expect(leadLikelihood(election('plurality', 2, '1', '2'))).toBe(0.5);
  });
});
