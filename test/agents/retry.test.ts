import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorthSwitching, retryDelayMs, withNextTime } from '../../src/agents/retry.ts';
import type { ModelErrorKind } from '../../src/events/model-error.ts';
import { seededRandom } from '../../src/events/random.ts';

const error = (kind: ModelErrorKind, retryAfterMs?: number) => ({
  kind,
  message: '',
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

describe('whether and when a failed model call is repeated', () => {
  it.each(['auth', 'quota', 'context-length', 'content-filter', 'bad-request', 'aborted'] as const)(
    'never after %s',
    (kind) => {
      expect(retryDelayMs(error(kind, 10), 1, false, seededRandom(1))).toBeNull();
    },
  );

  it('never once something was streamed, since that is paid for', () => {
    expect(retryDelayMs(error('overloaded'), 1, true, seededRandom(1))).toBeNull();
  });

  it('three times at most', () => {
    const delays = [1, 2, 3, 4].map((tries) => retryDelayMs(error('network'), tries, false, seededRandom(1)) !== null);
    expect(delays).toEqual([true, true, true, false]);
  });

  it('as often and as late as the backend says', () => {
    const settings = { maxTries: 3, firstDelayMs: 500, factor: 3, maxDelayMs: 1_200, jitter: 0 };
    const delays = [1, 2, 3].map((tries) => retryDelayMs(error('network'), tries, false, seededRandom(1), settings));
    expect(delays).toEqual([500, 1_200, null]);
  });

  it('after a longer word of the server, where the backend allows such a pause', () => {
    const settings = { maxDelayMs: 300_000 };
    expect(retryDelayMs(error('rate-limit', 200_000), 1, false, seededRandom(1), settings)).toBe(200_000);
  });

  it('when the server says, unless that is more than a minute away', () => {
    expect(retryDelayMs(error('rate-limit', 2_500), 1, false, seededRandom(1))).toBe(2_500);
    expect(retryDelayMs(error('rate-limit', 60_001), 1, false, seededRandom(1))).toBeNull();
  });

  it('else after a time that doubles, with jitter of up to half of it', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 3 }), (seed, tries) => {
        const full = 1_000 * 2 ** (tries - 1);
        const delay = retryDelayMs(error('rate-limit'), tries, false, seededRandom(seed)) ?? NaN;
        expect(delay).toBeGreaterThanOrEqual(full / 2);
        expect(delay).toBeLessThanOrEqual(full);
      }),
    );
  });
});

describe('a call that is not tried again', () => {
  const now = Date.UTC(2026, 10, 23, 8, 30);
  it.each([
    [3_600_000, ' (It takes requests again in 60 min, at 2026-11-23 09:30 UTC.)'],
    [86_400_001, ' (It takes requests again in 25 h, at 2026-11-24 08:30 UTC.)'],
    [undefined, ''],
    [0, ''],
    [Number.MAX_SAFE_INTEGER, ''],
  ])('says when its server takes the next one (%s ms)', (retryAfterMs, words) => {
    expect(withNextTime(error('rate-limit', retryAfterMs), now).message).toBe(words);
  });
});

describe('whether another model may help', () => {
  it.each<[ModelErrorKind, boolean]>([
    ['auth', true],
    ['quota', true],
    ['rate-limit', true],
    ['overloaded', true],
    ['network', true],
    ['context-length', true],
    ['content-filter', false],
    ['bad-request', false],
    ['protocol', false],
    ['aborted', false],
  ])('%s: %s', (kind, expected) => {
    expect(isWorthSwitching(error(kind))).toBe(expected);
  });
});
