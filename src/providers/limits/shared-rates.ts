import type { Clock } from '../../platform/clock.ts';
import { SlidingWindow, type Booking } from './sliding-window.ts';

/** What one request takes of one limit: `weight` of the `limit` that there is in any `spanMs` milliseconds. */
export interface RateShare {
  /** The window that is shared; the same for all who keep to this limit. Holds no secret and no text of a conversation. */
  window: string;
  spanMs: number;
  limit: number;
  weight: number;
  /** Whoever would have to wait longer is told so instead; null waits as long as it takes. */
  maxWaitMs: number | null;
}

/** A place in all windows that a request was booked in; or how long none is free, where nobody waits for that. */
export type SharedPlace =
  | {
      waitMs: number;
      /** Puts another weight in place of that of the shares whose `window` this is. */
      correct(window: string, weight: number): void;
      /** Gives the place back, where no request was made. */
      release(): void;
    }
  | { fullForMs: number; limit: number };

/**
 * Counts the requests of several runs together: those of this process (`createLocalRates`), or those of workers on many
 * machines. Whoever asks first goes first. Never rejects.
 */
export interface SharedRates {
  book(shares: readonly RateShare[]): Promise<SharedPlace>;
}

/** Counts for all runs that are given the same one. */
export function createLocalRates(clock: Clock): SharedRates {
  const windows = new Map<string, SlidingWindow>();
  const windowOf = ({ window, spanMs, limit }: RateShare): SlidingWindow => {
    const known = windows.get(window) ?? new SlidingWindow(spanMs, limit);
    windows.set(window, known);
    return known;
  };
  return {
    book: (shares) => {
      const now = clock.now();
      const full = shares.find(
        (share) => share.maxWaitMs !== null && earliest(windowOf(share), share, now) - now > share.maxWaitMs,
      );
      if (full) return Promise.resolve({ fullForMs: earliest(windowOf(full), full, now) - now, limit: full.limit });
      let at = now;
      for (let next = at; ; at = next) {
        next = Math.max(at, ...shares.map((share) => earliest(windowOf(share), share, at)));
        if (next === at) break;
      }
      const booked = shares.map((share) => {
        const booking: Booking = { at, weight: share.weight };
        const window = windowOf(share);
        window.book(booking, now);
        return { name: share.window, window, booking };
      });
      return Promise.resolve({
        waitMs: at - now,
        correct: (name, weight) => {
          for (const each of booked) if (each.name === name) each.booking.weight = weight;
        },
        release: () => {
          for (const { window, booking } of booked) window.release(booking);
        },
      });
    },
  };
}

function earliest(window: SlidingWindow, { weight, limit }: RateShare, at: number): number {
  return window.earliest(at, weight, limit);
}
