import type { RateLimitTable } from '../../config/rate-limits.ts';
import { rateLimitOf } from './rate-limit-table.ts';
import { DAY_MS, MAX_WAIT_MS, MINUTE_MS, type RateVerdict } from './rate-limiter.ts';
import type { RateShare, SharedRates } from './shared-rates.ts';

/** So many requests to all models of a backend type in any `spanMs` milliseconds. */
export interface TypeLimit {
  type: string;
  requests: number;
  spanMs: number;
}

/** What a run keeps to together with others. */
export interface SharedLimits {
  rates: SharedRates;
  limits: readonly TypeLimit[];
}

/**
 * The limits of models, and of backend types as a whole, with all who share the same rates. Requests and tokens of the
 * minute and requests of the day count as in a `RateLimiter`.
 */
export class SharedLimiter {
  readonly #table: RateLimitTable;
  readonly #shared: SharedLimits;

  constructor(table: RateLimitTable, shared: SharedLimits) {
    this.#table = table;
    this.#shared = shared;
  }

  /** Null when nothing is limited. `estimate` tells the tokens of the request; it is called only if they count. */
  async book(type: string, model: string, estimate: () => number, now: number): Promise<RateVerdict | null> {
    const shares = this.#sharesOf(type, model, estimate);
    if (shares.length === 0) return null;
    const place = await this.#shared.rates.book(shares);
    if ('fullForMs' in place) return { until: now + place.fullForMs, limit: place.limit };
    return {
      ticket: {
        at: now + place.waitMs,
        correct: (tokens) => place.correct(`${type}/${model} tokens`, tokens),
        release: () => place.release(),
      },
    };
  }

  #sharesOf(type: string, model: string, estimate: () => number): RateShare[] {
    const { rpm, tpm, rpd } = rateLimitOf(this.#table, type, model) ?? {};
    const name = `${type}/${model}`;
    const minute = { spanMs: MINUTE_MS, maxWaitMs: null };
    return [
      ...(rpm === undefined ? [] : [{ window: `${name} requests`, ...minute, limit: rpm, weight: 1 }]),
      ...(tpm === undefined
        ? []
        : [{ window: `${name} tokens`, ...minute, limit: tpm, weight: Math.max(1, estimate()) }]),
      ...(rpd === undefined
        ? []
        : [{ window: `${name} day`, spanMs: DAY_MS, maxWaitMs: MAX_WAIT_MS, limit: rpd, weight: 1 }]),
      ...this.#shared.limits.flatMap(({ type: of, requests, spanMs }) =>
        of === type ? [{ window: `${type} per ${spanMs}`, spanMs, maxWaitMs: null, limit: requests, weight: 1 }] : [],
      ),
    ];
  }
}
