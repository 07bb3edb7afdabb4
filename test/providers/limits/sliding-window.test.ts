import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlidingWindow, type Booking } from '../../../src/providers/limits/sliding-window.ts';

/** Books at the earliest time and tells it. */
function take(window: SlidingWindow, now: number, weight = 1): Booking {
  const booking = { at: window.earliest(now, weight), weight };
  window.book(booking, now);
  return booking;
}

describe('a sliding window', () => {
  it('lets through at once what fits, and the rest as soon as there is room', () => {
    const window = new SlidingWindow(60_000, 2);
    expect([0, 10_000, 20_000, 30_000].map((now) => take(window, now).at)).toEqual([0, 10_000, 60_000, 70_000]);
  });

  it('lets nobody overtake who asked earlier and waits', () => {
    const window = new SlidingWindow(60_000, 10);
    take(window, 0, 8);
    expect(take(window, 1, 9).at).toBe(60_000);
    expect(take(window, 2, 1).at).toBe(60_000);
  });

  it('lets more than the whole limit through alone', () => {
    const window = new SlidingWindow(60_000, 10);
    take(window, 0, 1);
    expect(take(window, 1, 99).at).toBe(60_000);
    expect(take(window, 60_001, 1).at).toBe(120_000);
  });

  it('counts what a correction says from then on', () => {
    const window = new SlidingWindow(60_000, 10);
    const first = take(window, 0, 9);
    expect(window.earliest(1, 5)).toBe(60_000);
    first.weight = 2;
    expect(window.earliest(1, 5)).toBe(1);
  });

  it('has room again where a place was given back', () => {
    const window = new SlidingWindow(60_000, 1);
    window.release(take(window, 0));
    expect(take(window, 1).at).toBe(1);
  });

  it('knows what was before it', () => {
    expect(new SlidingWindow(60_000, 1, [{ at: 5, weight: 1 }]).earliest(100, 1)).toBe(60_005);
  });

  it('never holds more than its limit in any span, and never lets wait without need', () => {
    const requests = fc.array(fc.tuple(fc.nat(40_000), fc.integer({ min: 1, max: 5 })), { maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 12 }), requests, (limit, asked) => {
        const span = 60_000;
        const window = new SlidingWindow(span, limit);
        const bookings: Booking[] = [];
        let now = 0;
        for (const [pause, weight] of asked) {
          now += pause;
          bookings.push(take(window, now, weight));
        }
        const heldAt = (time: number): number =>
          bookings.filter(({ at }) => at <= time && at > time - span).reduce((sum, each) => sum + each.weight, 0);
        let asking = 0;
        for (const [index, { at, weight }] of bookings.entries()) {
          asking += asked[index]?.[0] ?? 0;
          expect(heldAt(at)).toBeLessThanOrEqual(limit);
          const before = bookings.slice(0, index);
          const usedJustBefore = before
            .filter((each) => each.at > at - 1 - span && each.at <= at - 1)
            .reduce((sum, each) => sum + each.weight, 0);
          const isFirstChance = at === Math.max(asking, before.at(-1)?.at ?? 0);
          expect(isFirstChance || usedJustBefore + weight > limit).toBe(true);
        }
      }),
    );
  });
});
