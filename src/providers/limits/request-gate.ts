import { isTransient, type ModelError } from '../../events/model-error.ts';
import type { ModelEnd } from '../provider.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { FullDay, RateLimiter, RateTicket } from './rate-limiter.ts';
import type { SharedLimiter } from './shared-limiter.ts';

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
  readonly #shared: SharedLimiter | null;

  /** `shared` holds the limits that other runs count for too. */
  constructor(limiter: RateLimiter, breaker: CircuitBreaker, shared: SharedLimiter | null = null) {
    this.#limiter = limiter;
    this.#breaker = breaker;
    this.#shared = shared;
  }

  /** As `ask`, and for a place among all runs that share limits with this one. Never rejects. */
  async admit(endpoint: Endpoint, estimate: () => number, now: number): Promise<Admission> {
    const own = this.ask(endpoint, estimate, now);
    if (!this.#shared || own.do === 'refuse' || !own.pass) return own;
    const { pass } = own;
    const verdict = await this.#shared.book(endpoint.type, endpoint.model, estimate, now);
    if (!verdict) return own;
    if ('until' in verdict) {
      pass.giveBack();
      return { do: 'refuse', error: dayIsFull(endpoint, verdict, now) };
    }
    const both = joined(pass, verdict.ticket);
    const ms = Math.max(own.do === 'wait' ? own.ms : 0, verdict.ticket.at - now);
    return ms <= 0 ? { do: 'go', pass: both } : waitFor(endpoint, ms, both);
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
      return { do: 'refuse', error: dayIsFull(endpoint, verdict, now) };
    }
    const pass = this.#passOf(name, verdict?.ticket ?? null);
    const ms = verdict ? verdict.ticket.at - now : 0;
    if (ms <= 0) return { do: 'go', pass };
    return waitFor(endpoint, ms, pass);
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

function waitFor({ model }: Endpoint, ms: number, pass: Pass): Admission {
  return { do: 'wait', ms, reason: 'rate-limit', detail: `The rate limit of ${model} is reached.`, pass };
}

function dayIsFull({ model }: Endpoint, { until, limit }: FullDay, now: number): ModelError {
  const hours = Math.ceil((until - now) / 3_600_000);
  const message = `The limit of ${limit} requests per day for ${model} is used up; the next one is free in about ${hours} h.`;
  return { kind: 'quota', message };
}

/** The run's own pass, and its place among the others'. */
function joined(pass: Pass, ticket: RateTicket): Pass {
  return {
    giveBack: () => {
      pass.giveBack();
      ticket.release();
    },
    ended: (end, now) => {
      pass.ended(end, now);
      const used = end.usage.input + end.usage.output;
      if (used > 0) ticket.correct(used);
    },
  };
}
