import type { RateLimit, RateLimitTable } from '../../config/rate-limits.ts';
import { rateLimitOf } from './rate-limit-table.ts';
import { SlidingWindow, type Booking } from './sliding-window.ts';

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
/** A day's limit frees up after hours; nobody waits for that. */
export const MAX_WAIT_MS = 600_000;

/** Remembers requests of the last day beyond the end of the process. */
export interface DailyRecord {
  /** Times of requests by `type/model`, in milliseconds since 1970. */
  readonly past: Readonly<Record<string, readonly number[]>>;
  /** Notes a request. Never throws; it is written later. */
  note(key: string, at: number): void;
  /** Takes the note of a request back that was not made in the end. Never throws. */
  takeBack(key: string, at: number): void;
  /** Resolves when everything that was noted so far is written, or could not be. Never rejects. */
  settled(): Promise<void>;
}

/** A place in the windows of a model. */
export interface RateTicket {
  /** When the request may be made. */
  at: number;
  /** Puts the tokens that were really used in place of the estimate. */
  correct(tokens: number): void;
  /** Gives the place back, where no request was made. */
  release(): void;
}

/** No request of the day is left before `until`. */
export interface FullDay {
  until: number;
  limit: number;
}

/** The request may be made at `ticket.at`; or not in reasonable time. */
export type RateVerdict = { ticket: RateTicket } | FullDay;

interface Windows {
  limit: RateLimit;
  requests: SlidingWindow | null;
  tokens: SlidingWindow | null;
  day: SlidingWindow | null;
}

/**
 * Requests and tokens per minute and requests per day, per model, shared by everybody who holds the same limiter.
 * Asking books the place at once, so that whoever asks first goes first. Time is what the caller says it is.
 */
export class RateLimiter {
  readonly #table: RateLimitTable;
  readonly #daily: DailyRecord | null;
  readonly #windows = new Map<string, Windows | null>();

  constructor(table: RateLimitTable, daily: DailyRecord | null) {
    this.#table = table;
    this.#daily = daily;
  }

  /** Resolves when the requests of the day are written. Never rejects. */
  async settled(): Promise<void> {
    await this.#daily?.settled();
  }

  /** Null when the model has no limit. `estimate` tells the tokens of the request; it is called only if they count. */
  book(type: string, model: string, estimate: () => number, now: number): RateVerdict | null {
    const key = `${type}/${model}`;
    const windows = this.#windowsOf(key, type, model);
    if (!windows) return null;
    const tokens = windows.tokens ? Math.max(1, estimate()) : 0;
    const at = placeIn(windows, tokens, now);
    const dayAt = windows.day?.earliest(now, 1) ?? now;
    if (dayAt - now > MAX_WAIT_MS) return { until: dayAt, limit: windows.limit.rpd ?? 0 };
    const one: Booking = { at, weight: 1 };
    const weighed: Booking = { at, weight: tokens };
    windows.requests?.book(one, now);
    windows.tokens?.book(weighed, now);
    windows.day?.book(one, now);
    if (windows.day) this.#daily?.note(key, at);
    return {
      ticket: {
        at,
        correct: (used) => {
          weighed.weight = used;
        },
        release: () => {
          windows.requests?.release(one);
          windows.tokens?.release(weighed);
          windows.day?.release(one);
          if (windows.day) this.#daily?.takeBack(key, at);
        },
      },
    };
  }

  #windowsOf(key: string, type: string, model: string): Windows | null {
    const known = this.#windows.get(key);
    if (known !== undefined) return known;
    const limit = rateLimitOf(this.#table, type, model);
    const past = (this.#daily?.past[key] ?? []).map((at): Booking => ({ at, weight: 1 }));
    const windows = limit && {
      limit,
      requests: limit.rpm === undefined ? null : new SlidingWindow(MINUTE_MS, limit.rpm),
      tokens: limit.tpm === undefined ? null : new SlidingWindow(MINUTE_MS, limit.tpm),
      day: limit.rpd === undefined ? null : new SlidingWindow(DAY_MS, limit.rpd, past),
    };
    this.#windows.set(key, windows);
    return windows;
  }
}

/** The earliest time at which all windows have room. */
function placeIn({ requests, tokens, day }: Windows, weight: number, now: number): number {
  for (let at = now; ;) {
    const next = Math.max(
      requests?.earliest(at, 1) ?? at,
      tokens?.earliest(at, weight) ?? at,
      day?.earliest(at, 1) ?? at,
    );
    if (next === at) return at;
    at = next;
  }
}
