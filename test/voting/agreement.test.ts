import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureAgreement } from '../../src/voting/agreement.ts';
import { firstChoiceKappa, fleissKappa } from '../../src/voting/fleiss-kappa.ts';
import { kendallW } from '../../src/voting/kendall-w.ts';
import { marginOf } from '../../src/voting/margin.ts';
import { anyElection, ballot, election } from './elections.ts';

describe("Fleiss' kappa", () => {
  it('is 0.210 for ten subjects rated by fourteen raters', () => {
    // The worked example that textbooks use: P = 0.378, Pe = 0.213.
    const table = [
      [0, 0, 0, 0, 14],
      [0, 2, 6, 4, 2],
      [0, 0, 3, 5, 6],
      [0, 3, 9, 2, 0],
      [2, 2, 8, 1, 1],
      [7, 7, 0, 0, 0],
      [3, 2, 6, 3, 0],
      [2, 5, 3, 2, 2],
      [6, 5, 2, 1, 0],
      [0, 2, 2, 3, 7],
    ];
    expect(fleissKappa(table)).toBeCloseTo(0.20993, 5);
  });

  it('is 1 when all raters agree on every subject', () => {
    expect(
      fleissKappa([
        [3, 0],
        [0, 3],
      ]),
    ).toBe(1);
  });

  it('is below 0 when raters agree less than by chance', () => {
    expect(
      fleissKappa([
        [1, 1],
        [1, 1],
      ]),
    ).toBe(-1);
  });

  it.each([
    ['no subject', []],
    [
      'a single rater',
      [
        [1, 0],
        [0, 1],
      ],
    ],
    [
      'rows with different numbers of raters',
      [
        [2, 0],
        [1, 2],
      ],
    ],
    [
      'only one category in use',
      [
        [3, 0],
        [3, 0],
      ],
    ],
  ])('is not defined for %s', (_, table) => {
    expect(fleissKappa(table)).toBeNull();
  });
});

describe('agreement on the first choice', () => {
  it('is 1 for a unanimous vote', () => {
    expect(firstChoiceKappa([0, 4, 0])).toBe(1);
  });

  it('is 0 for three of four ballots among two answers', () => {
    // Pairs that agree: 3 of 6; by chance 1 of 2.
    expect(firstChoiceKappa([3, 1])).toBeCloseTo(0, 12);
  });

  it('equals the free-marginal kappa of one subject', () => {
    const counts = fc.array(fc.nat({ max: 6 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(counts, (firstChoices) => {
        const ballots = firstChoices.reduce((total, n) => total + n, 0);
        fc.pre(ballots > 1);
        const agreeing = firstChoices.reduce((total, n) => total + n * (n - 1), 0) / (ballots * (ballots - 1));
        expect(firstChoiceKappa(firstChoices)).toBeCloseTo(1 - (1 - agreeing) / (1 - 1 / firstChoices.length), 9);
      }),
    );
  });

  it('is not defined for one ballot or one answer', () => {
    expect([firstChoiceKappa([1, 0]), firstChoiceKappa([3]), firstChoiceKappa([])]).toEqual([null, null, null]);
  });
});

describe("Kendall's W", () => {
  it('is 1 for identical rankings', () => {
    expect(
      kendallW([
        [0, 1, 2],
        [0, 1, 2],
      ]),
    ).toBe(1);
  });

  it('is 0 for opposite rankings', () => {
    expect(
      kendallW([
        [0, 1, 2],
        [2, 1, 0],
      ]),
    ).toBe(0);
  });

  it('is 7/9 for three rankings where one swaps the first two', () => {
    // Rank sums 4, 5, 9: 12 * 122 - 3*9*3*16 = 168 over 9*3*8 = 216.
    expect(
      kendallW([
        [0, 1, 2],
        [0, 1, 2],
        [1, 0, 2],
      ]),
    ).toBeCloseTo(7 / 9, 12);
  });

  it('is corrected for ties: identical rankings with equal places still agree fully', () => {
    expect(
      kendallW([
        [0, 1, 1],
        [0, 1, 1],
        [0, 1, 1],
      ]),
    ).toBe(1);
  });

  it('takes places with gaps as their order', () => {
    expect(
      kendallW([
        [0, 7, 9],
        [3, 4, 5],
      ]),
    ).toBe(1);
  });

  it('stays within 0 and 1', () => {
    const rankings = fc
      .integer({ min: 2, max: 6 })
      .chain((n) =>
        fc.array(fc.array(fc.nat({ max: 3 }), { minLength: n, maxLength: n }), { minLength: 2, maxLength: 6 }),
      );
    fc.assert(
      fc.property(rankings, (places) => {
        const w = kendallW(places);
        fc.pre(w !== null);
        expect(w).toBeGreaterThanOrEqual(-1e-9);
        expect(w).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it.each([
    ['one ranking', [[0, 1]]],
    ['one thing', [[0], [0]]],
    ['nothing', []],
    [
      'rankings that put everything equal',
      [
        [0, 0],
        [1, 1],
      ],
    ],
  ])('is not defined for %s', (_, rankings) => {
    expect(kendallW(rankings)).toBeNull();
  });
});

describe('the margin', () => {
  it('is the lead over the second best, wherever they stand in the list', () => {
    const scores = [1, 4, 2.5].map((score, index) => ({ label: `agent${index}.1`, score, firstChoices: 0 }));
    expect(marginOf(scores)).toBe(1.5);
  });

  it('is 0 in a tie and not defined for one answer', () => {
    const score = { label: 'agent1.1', score: 2, firstChoices: 2 };
    expect([marginOf([score, { ...score, label: 'agent2.1' }]), marginOf([score]), marginOf([])]).toEqual([
      0,
      null,
      null,
    ]);
  });
});

describe('measureAgreement', () => {
  it('puts the figures of one vote together', () => {
    const input = {
      ...election('plurality', 3),
      ballots: [ballot('agent1', '123'), ballot('agent2', '123'), ballot('agent3', '213')],
    };
    expect(measureAgreement(input)).toEqual({
      ballots: 3,
      selfVoteRate: 1 / 3,
      firstChoiceKappa: expect.closeTo(0, 9) as number,
      rankingConcordance: expect.closeTo(7 / 9, 9) as number,
      margin: 1,
    });
  });

  it('counts self-votes in the rates even when they do not decide', () => {
    const input = {
      ...election('plurality', 2),
      ballots: [ballot('agent1', '1'), ballot('agent2', '1')],
      countSelfVotes: false,
    };
    expect(measureAgreement(input)).toEqual({
      ballots: 2,
      selfVoteRate: 0.5,
      firstChoiceKappa: 1,
      rankingConcordance: 1,
      margin: 1,
    });
  });

  it('has no figures without ballots', () => {
    expect(measureAgreement(election('copeland', 3))).toEqual({
      ballots: 0,
      selfVoteRate: null,
      firstChoiceKappa: null,
      rankingConcordance: null,
      margin: null,
    });
  });

  it('gives finite figures or null for every vote', () => {
    fc.assert(
      fc.property(anyElection(), (input) => {
        const figures = Object.values(measureAgreement(input));
        expect(figures.every((figure) => figure === null || Number.isFinite(figure))).toBe(true);
      }),
    );
  });
});
