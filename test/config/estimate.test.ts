import { describe, expect, it } from 'vitest';
import { estimateQuestion } from '../../src/config/estimate.ts';

describe('the estimate of a question', () => {
  it('is one request for one agent', () => {
    expect(estimateQuestion([{ input: 1, output: 10 }])).toEqual({ usd: 0.011, isComplete: true });
  });

  it('is a draft and a ballot of each, and one presentation', () => {
    // Each: 1,000 + 3,000 in and 1,300 out; the presenter 3,000 in and 1,000 out, shared by both.
    const cost = estimateQuestion([
      { input: 1, output: 10 },
      { input: 1, output: 10 },
    ]);
    expect([Math.round(cost.usd * 1e6), cost.isComplete]).toEqual([2 * 4000 + 2 * 13_000 + 3000 + 10_000, true]);
  });

  it('is a lower bound where a price is unknown', () => {
    expect(estimateQuestion([null])).toEqual({ usd: 0, isComplete: false });
  });
});
