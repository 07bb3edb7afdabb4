import { isTransient, type ModelError } from '../../events/model-error.ts';
import type { ModelEnd } from '../provider.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { RateLimiter, RateTicket } from './rate-limiter.ts';

/** Where a call goes. */
export interface Endpoint {
  /** Backend type, as in configs. */
  type: string;
  model: string;
  /** Null is the vendor's own address. */
  baseUrl: string | null;
}

export type Admission =
  | { do: 'go'; pass: Pass }
  /** With a pass the call may be made after the wait; without one it is to be asked for again. */
  | { do: 'wait'; ms: number; reason: 'rate-limit' | 'circuit-open'; detail: string; pass: Pass | null }
  | { do: 'refuse'; error: ModelError };

/** The leave to make one call. Exactly one of the two is called, once. */
export interface Pass {
  ended(end: ModelEnd, now: number): void;
  /** The call was not made. */
  giveBack(): void;
}

/**
 * Lets the model calls of a run through as fast as their endpoints allow: one rate limiter and one circuit breaker for
 * all agents. Never throws, waits for nothing, and knows no clock: the caller waits and says what time it is.
 */
export class RequestGate {
  readonly #limiter: RateLimiter;
  readonly #breaker: CircuitBreaker;

  constructor(limiter: RateLimiter, breaker: CircuitBreaker) {
    this.#limiter = limiter;
    this.#breaker = breaker;
  }

  /** Asks for leave to make one call. `estimate` tells about how many tokens it will use. */
  ask(endpoint: Endpoint, estimate: () => number, now: number): Admission {
    const name = endpoint.baseUrl ?? endpoint.type;
    const circuit = this.#breaker.ask(name, now);
    if (circuit.do === 'wait') {
      const detail = `${name} failed several times in a row, so it gets a pause.`;
      return { do: 'wait', ms: circuit.ms, reason: 'circuit-open', detail, pass: null };
    }
    if (circuit.do === 'refuse') {
      const message = `${name} failed ${circuit.failures} times in a row, also after a pause, so it was not asked again.`;
      return { do: 'refuse', error: { kind: 'overloaded', message } };
    }
    const verdict = this.#limiter.book(endpoint.type, endpoint.model, estimate, now);
    if (verdict && 'until' in verdict) {
      const hours = Math.ceil((verdict.until - now) / 3_600_000);
      const message = `The limit of ${verdict.limit} requests per day for ${endpoint.model} is used up; the next one is free in about ${hours} h.`;
      return { do: 'refuse', error: { kind: 'quota', message } };
    }
    const pass = this.#passOf(name, verdict?.ticket ?? null);
    const ms = verdict ? verdict.ticket.at - now : 0;
    if (ms <= 0) return { do: 'go', pass };
    return { do: 'wait', ms, reason: 'rate-limit', detail: `The rate limit of ${endpoint.model} is reached.`, pass };
  }

  /** Resolves when what later processes have to know is written. Never rejects. */
  settled(): Promise<void> {
    return this.#limiter.settled();
  }

  #passOf(name: string, ticket: RateTicket | null): Pass {
    return {
      giveBack: () => ticket?.release(),
      ended: (end, now) => {
        const used = end.usage.input + end.usage.output;
        if (used > 0) ticket?.correct(used);
        if (end.type === 'failed' && end.error.kind === 'aborted') return;
        if (end.type === 'failed' && isTransient(end.error)) this.#breaker.failed(name, now);
        else this.#breaker.succeeded(name);
      },
    };
  }
}
