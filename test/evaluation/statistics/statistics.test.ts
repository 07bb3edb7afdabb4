import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/events/random.ts';
import { betaSample } from '../../../src/evaluation/statistics/beta-sample.ts';
import { bootstrapInterval } from '../../../src/evaluation/statistics/bootstrap-interval.ts';
import { effectiveSize } from '../../../src/evaluation/statistics/effective-size.ts';
import { holmCorrection } from '../../../src/evaluation/statistics/holm-correction.ts';
import { mcnemarTest } from '../../../src/evaluation/statistics/mcnemar-test.ts';
import { normalQuantile } from '../../../src/evaluation/statistics/normal-quantile.ts';
import { paretoFront } from '../../../src/evaluation/statistics/pareto-front.ts';
import { pearsonR } from '../../../src/evaluation/statistics/pearson-r.ts';
import { sampleSize } from '../../../src/evaluation/statistics/sample-size.ts';
import { visibleDifference } from '../../../src/evaluation/statistics/visible-difference.ts';
import { wilsonInterval } from '../../../src/evaluation/statistics/wilson-interval.ts';

const counts = fc
  .integer({ min: 1, max: 2000 })
  .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));

describe("Wilson's interval", () => {
  // The values of SciPy's binomtest(k, n).proportion_ci(method='wilson').
  test.each([
    [0, 10, 0, 0.27753],
    [5, 10, 0.23659, 0.76341],
    [173, 198, 0.820254, 0.912995],
    [198, 198, 0.98097, 1],
  ])('of %i in %i', (successes, trials, low, high) => {
    const found = wilsonInterval(successes, trials);
    expect(found).toEqual({ low: expect.closeTo(low, 4), high: expect.closeTo(high, 4) });
  });

  test('is nothing without trials', () => expect(wilsonInterval(0, 0)).toBeNull());

  test('lies within 0 and 1 around the share, and mirrors with successes and failures exchanged', () => {
    fc.assert(
      fc.property(counts, ([successes, trials]) => {
        const found = wilsonInterval(successes, trials);
        const mirrored = wilsonInterval(trials - successes, trials);
        if (!found || !mirrored) throw new Error('there are trials');
        const share = successes / trials;
        const isAround = found.low >= 0 && found.low <= share + 1e-12 && found.high >= share - 1e-12 && found.high <= 1;
        expect(isAround && Math.abs(found.low - (1 - mirrored.high)) < 1e-12).toBe(true);
      }),
    );
  });
});

describe('what trials that hang together are worth', () => {
  const groups = (...written: string[]) =>
    written.map((each) => {
      const [hits = 0, of = 0] = each.split('/').map(Number);
      return { hits, of };
    });

  // The last two by analysis of variance of the single trials, in Python.
  test.each([
    ['all of them where each stands alone', groups('1/1', '0/1', '1/1'), 3],
    ['the groups where each is all right or all wrong', groups('3/3', '3/3', '0/3'), 3],
    ['the groups where nothing differs', groups('3/3', '3/3'), 2],
    ['all of them where groups do not differ', groups('1/2', '1/2', '1/2'), 6],
    ['one where there is one group', groups('1/3'), 1],
    ['nothing where there is none', [], 0],
    ['something between', groups('3/3', '2/3', '0/3', '1/3', '3/3', '0/3'), 8.105263157894736],
    ['something between, in groups of several sizes', groups('4/5', '1/2', '0/3', '3/3'), 5.647520687392859],
  ])('%s', (_, clusters, size) => {
    expect(effectiveSize(clusters)).toBeCloseTo(size, 9);
  });
});

describe('the bootstrap interval', () => {
  test('of equal values is that value', () => {
    expect(bootstrapInterval([2, 2, 2], seededRandom(1))).toEqual({ low: 2, high: 2 });
  });

  test('is near the normal one for many values', () => {
    const values = Array.from({ length: 400 }, (_, i) => i % 2);
    const found = bootstrapInterval(values, seededRandom(1));
    expect(found?.low).toBeCloseTo(0.451, 2);
    expect(found?.high).toBeCloseTo(0.549, 2);
  });

  test('is the same for the same seed', () => {
    const values = [1, 4, 9, 16];
    expect(bootstrapInterval(values, seededRandom(7))).toEqual(bootstrapInterval(values, seededRandom(7)));
  });

  test('is nothing without values', () => expect(bootstrapInterval([], seededRandom(1))).toBeNull());
});

describe("McNemar's exact test", () => {
  // The values of SciPy's binomtest(min(b, c), b + c).
  test.each([
    [0, 0, 1],
    [5, 5, 1],
    [1, 9, 0.021484375],
    [0, 10, 0.001953125],
    [12, 25, 0.04703],
  ])('of %i against %i', (first, second, p) => expect(mcnemarTest(first, second)).toBeCloseTo(p, 4));

  test('is symmetric and a probability, for thousands of questions too', () => {
    const count = fc.integer({ min: 0, max: 5000 });
    fc.assert(
      fc.property(count, count, (b, c) => {
        const p = mcnemarTest(b, c);
        expect(p >= 0 && p <= 1 && p === mcnemarTest(c, b)).toBe(true);
      }),
    );
  });
});

describe("Holm's correction", () => {
  // The values of R's p.adjust(p, "holm").
  test.each([
    [
      [0.01, 0.04, 0.03, 0.005],
      [0.03, 0.06, 0.06, 0.02],
    ],
    [
      [0.01, 0.02, 0.03, 0.04, 0.05],
      [0.05, 0.08, 0.09, 0.09, 0.09],
    ],
    [
      [0.4, 0.9, 0.5],
      [1, 1, 1],
    ],
    [[0.03], [0.03]],
    [[], []],
  ])('of %j', (ps, corrected) =>
    expect(holmCorrection(ps)).toEqual(corrected.map((p) => expect.closeTo(p, 10) as number)),
  );

  test('makes none smaller, keeps their order, and does at most as much as multiplying by their number', () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(p), (ps) => {
        const found = holmCorrection(ps);
        const most = Math.min(1, Math.max(0, ...ps) * ps.length);
        const isWithin = ps.every((one, i) => (found[i] ?? NaN) >= one && (found[i] ?? NaN) <= most);
        const isInOrder = ps.every((one, i) =>
          ps.every((other, j) => one >= other || (found[i] ?? NaN) <= (found[j] ?? NaN)),
        );
        expect([isWithin, isInOrder]).toEqual([true, true]);
      }),
    );
  });
});

describe('the normal quantile', () => {
  test.each([
    [0.975, 1.959963984540054],
    [0.8, 0.8416212335729143],
    [0.5, 0],
    [0.001, -3.090232306167813],
  ])('of %d', (probability, z) => expect(normalQuantile(probability)).toBeCloseTo(z, 7));

  test('refuses certainty', () => expect(() => normalQuantile(1)).toThrow(RangeError));
});

describe('the sample size', () => {
  test('for three points at 10 % discordance is about 870', () => {
    expect(sampleSize({ difference: 0.03, discordance: 0.1 })).toBe(870);
  });

  test('falls with the difference and rises with the power', () => {
    const base = { difference: 0.03, discordance: 0.1 };
    expect(sampleSize({ ...base, difference: 0.06 })).toBeLessThan(sampleSize(base));
    expect(sampleSize({ ...base, power: 0.9 })).toBeGreaterThan(sampleSize(base));
  });

  test('refuses a difference that the discordance does not allow', () => {
    expect(() => sampleSize({ difference: 0.2, discordance: 0.1 })).toThrow(RangeError);
  });
});

describe('the difference that so many questions show', () => {
  test('is the one that needs no more of them', () => {
    expect([870, 869, 100, 10].map((questions) => visibleDifference(questions, 0.1))).toEqual([3, 3.1, 8.8, null]);
  });
});

describe("Pearson's r", () => {
  test.each<[string, [number, number][], number | null]>([
    [
      'of a rising line is 1',
      [
        [1, 2],
        [2, 4],
        [3, 6],
      ],
      1,
    ],
    [
      'of a falling line is -1',
      [
        [1, 6],
        [2, 4],
        [3, 2],
      ],
      -1,
    ],
    [
      'is nothing where one side stands still',
      [
        [1, 2],
        [2, 2],
      ],
      null,
    ],
    ['is nothing for one pair', [[1, 2]], null],
  ])('%s', (_, pairs, r) => expect(pearsonR(pairs)).toBe(r));
});

describe('the Pareto front', () => {
  test('keeps what is cheaper or better, cheapest first', () => {
    const cheap = { cost: 1, gain: 0.5 };
    const good = { cost: 5, gain: 0.9 };
    expect(paretoFront([good, { cost: 3, gain: 0.4 }, cheap, { cost: 5, gain: 0.8 }])).toEqual([cheap, good]);
  });

  test('leaves nobody out who is not beaten by somebody on it', () => {
    const option = fc.record({ cost: fc.integer({ min: 0, max: 9 }), gain: fc.integer({ min: 0, max: 9 }) });
    fc.assert(
      fc.property(fc.array(option), (options) => {
        const front = paretoFront(options);
        const left = options.filter(
          (each) => !front.some((best) => best === each || (best.cost <= each.cost && best.gain >= each.gain)),
        );
        expect(left).toEqual([]);
      }),
    );
  });
});

describe('a beta sample', () => {
  test.each([
    [1, 1],
    [8, 2],
    [0.5, 0.5],
  ])('of (%d, %d) has the mean and the variance of the distribution', (alpha, beta) => {
    const random = seededRandom(`${alpha}/${beta}`);
    const values = Array.from({ length: 20_000 }, () => betaSample(alpha, beta, random));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const total = alpha + beta;
    expect(mean).toBeCloseTo(alpha / total, 2);
    expect(variance).toBeCloseTo((alpha * beta) / (total ** 2 * (total + 1)), 2);
  });

  test('refuses a parameter of 0', () => expect(() => betaSample(0, 1, seededRandom(1))).toThrow(RangeError));
});
