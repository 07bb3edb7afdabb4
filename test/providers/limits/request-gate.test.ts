import { describe, expect, it } from 'vitest';
import type { RateLimitTable } from '../../../src/config/rate-limits.ts';
import type { ModelErrorKind } from '../../../src/events/model-error.ts';
import { NO_USAGE } from '../../../src/events/usage.ts';
import { CircuitBreaker } from '../../../src/providers/limits/circuit-breaker.ts';
import { RateLimiter } from '../../../src/providers/limits/rate-limiter.ts';
import { RequestGate, type Admission, type Endpoint } from '../../../src/providers/limits/request-gate.ts';
import type { ModelEnd } from '../../../src/providers/provider.ts';

const HERE: Endpoint = { type: 'chatcompletion', model: 'm', baseUrl: 'https://one.example/v1' };
const THERE: Endpoint = { ...HERE, baseUrl: 'https://two.example/v1' };
const GOOD: ModelEnd = {
  type: 'finished',
  message: { role: 'assistant', text: '', calls: [] },
  stopReason: 'end',
  usage: { ...NO_USAGE, input: 30, output: 10 },
};
const bad = (kind: ModelErrorKind): ModelEnd => ({ type: 'failed', error: { kind, message: '' }, usage: NO_USAGE });

function gate(table: RateLimitTable = {}): RequestGate {
  return new RequestGate(new RateLimiter(table, null), new CircuitBreaker());
}

/** What was said, without the pass. */
function told(admission: Admission): Record<string, unknown> {
  const { do: what } = admission;
  if (what === 'wait') return { do: what, ms: admission.ms, reason: admission.reason, mayGo: admission.pass !== null };
  return what === 'refuse' ? { do: what, kind: admission.error.kind } : { do: what };
}

/** Asks, and lets the call end like that at once. */
function call(of: RequestGate, end: ModelEnd, now: number, endpoint: Endpoint = HERE): Record<string, unknown> {
  const admission = of.ask(endpoint, () => 10, now);
  if (admission.do === 'go') admission.pass.ended(end, now);
  return told(admission);
}

describe('an endpoint that does not answer', () => {
  it('gets a pause after five failures in a row, of all agents together; others are not held up', () => {
    const shared = gate();
    for (let time = 0; time < 5; time += 1) expect(call(shared, bad('overloaded'), time)).toEqual({ do: 'go' });
    expect(call(shared, GOOD, 1_004)).toEqual({ do: 'wait', ms: 29_000, reason: 'circuit-open', mayGo: false });
    expect(call(shared, GOOD, 1_004, THERE)).toEqual({ do: 'go' });
  });

  it('is tried by one call after the pause, while the others wait; a good reply lets all through', () => {
    const shared = gate();
    for (let time = 0; time < 5; time += 1) call(shared, bad('network'), 0);
    const probe = shared.ask(HERE, () => 1, 30_000);
    expect(told(probe)).toEqual({ do: 'go' });
    expect(told(shared.ask(HERE, () => 1, 31_000))).toMatchObject({ do: 'wait', ms: 29_000 });
    if (probe.do === 'go') probe.pass.ended(GOOD, 32_000);
    expect(call(shared, GOOD, 32_001)).toEqual({ do: 'go' });
  });

  it('is not asked again for a while once the try after the pause has failed too', () => {
    const shared = gate();
    for (let time = 0; time < 5; time += 1) call(shared, bad('network'), 0);
    expect(call(shared, bad('network'), 30_000)).toEqual({ do: 'go' });
    expect(call(shared, GOOD, 30_001)).toEqual({ do: 'refuse', kind: 'overloaded' });
    expect(call(shared, GOOD, 60_000)).toEqual({ do: 'go' });
    expect(call(shared, GOOD, 60_001)).toEqual({ do: 'go' });
  });

  it('is tried again by somebody else where the one who tried never came back', () => {
    const shared = gate();
    for (let time = 0; time < 5; time += 1) call(shared, bad('network'), 0);
    shared.ask(HERE, () => 1, 30_000);
    expect(told(shared.ask(HERE, () => 1, 60_000))).toEqual({ do: 'go' });
  });

  it.each<[ModelErrorKind, boolean]>([
    ['auth', false],
    ['bad-request', false],
    ['context-length', false],
    ['aborted', true],
  ])('%s is no failure of the endpoint; the row goes on after it: %s', (kind, goesOn) => {
    const shared = gate();
    for (let time = 0; time < 4; time += 1) call(shared, bad('overloaded'), 0);
    call(shared, bad(kind), 0);
    call(shared, bad('overloaded'), 0);
    expect(call(shared, GOOD, 1).do).toBe(goesOn ? 'wait' : 'go');
  });
});

describe('a model with a rate limit', () => {
  it('lets a call wait for its place, which it then has', () => {
    const shared = gate({ chatcompletion: { m: { rpm: 1 } } });
    expect(call(shared, GOOD, 0)).toEqual({ do: 'go' });
    expect(call(shared, GOOD, 20_000)).toEqual({ do: 'wait', ms: 40_000, reason: 'rate-limit', mayGo: true });
    expect(call(shared, GOOD, 20_000)).toMatchObject({ ms: 100_000 });
  });

  it('gives a place back that was not used', () => {
    const shared = gate({ chatcompletion: { m: { rpm: 1 } } });
    call(shared, GOOD, 0);
    const waiting = shared.ask(HERE, () => 1, 1);
    if (waiting.do === 'wait') waiting.pass?.giveBack();
    expect(told(shared.ask(HERE, () => 1, 2))).toMatchObject({ ms: 59_998 });
  });

  it('is corrected by what the provider counted; a call that told nothing keeps its estimate', () => {
    const shared = gate({ chatcompletion: { m: { tpm: 50 } } });
    call(shared, GOOD, 0);
    expect(told(shared.ask(HERE, () => 10, 1))).toEqual({ do: 'go' });
    expect(told(shared.ask(HERE, () => 10, 2))).toMatchObject({ do: 'wait' });
    const other = gate({ chatcompletion: { m: { tpm: 50 } } });
    call(other, bad('bad-request'), 0);
    expect(told(other.ask(HERE, () => 45, 1))).toMatchObject({ do: 'wait' });
  });

  it('refuses when the day is used up, as a quota, and says for how long', () => {
    const shared = gate({ chatcompletion: { m: { rpd: 1 } } });
    call(shared, GOOD, 0);
    expect(shared.ask(HERE, () => 1, 3_600_000)).toEqual({
      do: 'refuse',
      error: {
        kind: 'quota',
        message: 'The limit of 1 requests per day for m is used up; the next one is free in about 23 h.',
      },
    });
  });
});
