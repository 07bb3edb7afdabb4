import { describe, expect, it } from 'vitest';
import { DEFAULT_RATE_LIMITS, mergeRateLimits, rateLimitOf } from '../../../src/providers/limits/rate-limit-table.ts';
import { DAY_MS, RateLimiter, type DailyRecord, type RateVerdict } from '../../../src/providers/limits/rate-limiter.ts';

const M = 'gemini-2.5-flash';
const one = (): number => 1;

function atOf(verdict: RateVerdict | null): number | null {
  return verdict && 'ticket' in verdict ? verdict.ticket.at : null;
}

describe('which limit a model has', () => {
  it.each([
    ['gemini', 'gemini-2.5-flash', 9],
    ['gemini', 'gemini-2.5-flash-lite-preview', 9],
    ['gemini', 'models/gemini-2.5-pro', 2],
    ['gemini', 'gemini-3-pro', 7],
    ['openai', 'gpt-5', undefined],
    ['constructor', 'toString', undefined],
  ])('%s %s: %s requests per minute by default', (type, model, rpm) => {
    expect(rateLimitOf(DEFAULT_RATE_LIMITS, type, model)?.rpm).toBe(rpm);
  });

  it('the longest part of its name decides where several fit', () => {
    const table = { openai: { gpt: { rpm: 1 }, 'gpt-5-mini': { rpm: 2 }, 'gpt-5': { rpm: 3 } } };
    expect(rateLimitOf(table, 'openai', 'gpt-5-mini-2026')).toEqual({ rpm: 2 });
  });

  it('a later table wins for the model that it names and leaves the others', () => {
    const merged = mergeRateLimits(DEFAULT_RATE_LIMITS, null, { gemini: { 'gemini-2.5-pro': { rpm: 100 } } });
    expect(merged['gemini']).toEqual({ ...DEFAULT_RATE_LIMITS['gemini'], 'gemini-2.5-pro': { rpm: 100 } });
  });
});

describe('a rate limiter', () => {
  it('shares the windows of a model among all who ask, and keeps models apart', () => {
    const limiter = new RateLimiter({ gemini: { default: { rpm: 1 } } }, null);
    expect([
      atOf(limiter.book('gemini', 'a', one, 0)),
      atOf(limiter.book('gemini', 'a', one, 5)),
      atOf(limiter.book('gemini', 'b', one, 10)),
      limiter.book('openai', 'a', one, 15),
    ]).toEqual([0, 60_000, 10, null]);
  });

  it('counts tokens by estimate before and by what was used after', () => {
    const limiter = new RateLimiter({ gemini: { default: { tpm: 1_000 } } }, null);
    const first = limiter.book('gemini', M, () => 900, 0);
    expect(atOf(limiter.book('gemini', M, () => 400, 1_000))).toBe(60_000);
    if (first && 'ticket' in first) first.ticket.correct(100);
    const again = new RateLimiter({ gemini: { default: { tpm: 1_000 } } }, null);
    const small = again.book('gemini', M, () => 900, 0);
    if (small && 'ticket' in small) small.ticket.correct(100);
    expect(atOf(again.book('gemini', M, () => 900, 1_000))).toBe(1_000);
  });

  it('asks for no estimate where tokens are not limited', () => {
    const limiter = new RateLimiter({ gemini: { default: { rpm: 1 } } }, null);
    const never = (): number => {
      throw new Error('asked');
    };
    expect(atOf(limiter.book('gemini', M, never, 0))).toBe(0);
  });

  it('waits for the slowest of its windows', () => {
    const limiter = new RateLimiter({ gemini: { default: { rpm: 2, tpm: 100 } } }, null);
    limiter.book('gemini', M, () => 90, 0);
    limiter.book('gemini', M, () => 5, 30_000);
    expect(atOf(limiter.book('gemini', M, () => 99, 31_000))).toBe(90_000);
  });

  it('makes room again where a request was not made', () => {
    const limiter = new RateLimiter({ gemini: { default: { rpm: 1, tpm: 10, rpd: 1 } } }, null);
    const verdict = limiter.book('gemini', M, () => 10, 0);
    if (verdict && 'ticket' in verdict) verdict.ticket.release();
    expect(atOf(limiter.book('gemini', M, () => 10, 1))).toBe(1);
  });

  it('refuses rather than waits for hours, and says until when', () => {
    const limiter = new RateLimiter({ gemini: { default: { rpd: 1 } } }, null);
    limiter.book('gemini', M, one, 0);
    expect(limiter.book('gemini', M, one, 1_000)).toEqual({ until: DAY_MS, limit: 1 });
    expect(atOf(limiter.book('gemini', M, one, DAY_MS - 600_000))).toBe(DAY_MS);
  });

  it('goes on counting the day where the last process stopped', () => {
    const noted: [string, number][] = [];
    const daily: DailyRecord = {
      past: { [`gemini/${M}`]: [0] },
      note: (key, at) => void noted.push([key, at]),
      takeBack: () => undefined,
      settled: async () => {},
    };
    const limiter = new RateLimiter({ gemini: { default: { rpd: 2 } } }, daily);
    limiter.book('gemini', M, one, 50);
    expect(limiter.book('gemini', M, one, 60)).toEqual({ until: DAY_MS, limit: 2 });
    expect(noted).toEqual([[`gemini/${M}`, 50]]);
  });
});
