import { describe, expect, it } from 'vitest';
import type { RateLimitTable } from '../../../src/config/rate-limits.ts';
import { NO_USAGE } from '../../../src/events/usage.ts';
import { CircuitBreaker } from '../../../src/providers/limits/circuit-breaker.ts';
import { DAY_MS, RateLimiter } from '../../../src/providers/limits/rate-limiter.ts';
import { RequestGate, type Admission, type Pass } from '../../../src/providers/limits/request-gate.ts';
import { SharedLimiter, type TypeLimit } from '../../../src/providers/limits/shared-limiter.ts';
import { createLocalRates, type SharedRates } from '../../../src/providers/limits/shared-rates.ts';
import { createManualClock } from '../manual-clock.ts';

const MODEL = { type: 'openai', model: 'm', baseUrl: null };

/** The gate of one of several runs that share what is counted. */
function runWith(rates: SharedRates, table: RateLimitTable, limits: readonly TypeLimit[] = []): RequestGate {
  return new RequestGate(
    new RateLimiter(table, null),
    new CircuitBreaker(),
    new SharedLimiter(table, { rates, limits }),
  );
}

function told(admission: Admission): string {
  if (admission.do === 'go') return 'go';
  return admission.do === 'wait' ? `wait ${admission.ms}` : admission.error.kind;
}

function passOf(admission: Admission): Pass {
  if (admission.do === 'refuse' || !admission.pass) throw new Error('there is no pass');
  return admission.pass;
}

describe('runs that share rate limits', () => {
  it('count each other’s requests', async () => {
    const rates = createLocalRates(createManualClock());
    const [first, second] = [1, 2].map(() => runWith(rates, { openai: { default: { rpm: 2 } } }));
    const said: string[] = [];
    for (const gate of [first, second, first, second]) {
      if (gate) said.push(told(await gate.admit(MODEL, () => 1, 0)));
    }
    expect(said).toEqual(['go', 'go', 'wait 60000', 'wait 60000']);
  });

  it('count tokens by what was used, once that is known', async () => {
    const rates = createLocalRates(createManualClock());
    const [first, second] = [1, 2].map(() => runWith(rates, { openai: { default: { tpm: 1_000 } } })) as [
      RequestGate,
      RequestGate,
    ];
    const pass = passOf(await first.admit(MODEL, () => 900, 0));
    const usage = { ...NO_USAGE, input: 40, output: 10 };
    pass.ended({ type: 'finished', message: { role: 'assistant', text: '', calls: [] }, stopReason: 'end', usage }, 0);
    expect(told(await second.admit(MODEL, () => 900, 0))).toBe('go');
  });

  it('have the place of a call that was not made', async () => {
    const rates = createLocalRates(createManualClock());
    const [first, second] = [1, 2].map(() => runWith(rates, { openai: { default: { rpm: 1 } } })) as [
      RequestGate,
      RequestGate,
    ];
    passOf(await first.admit(MODEL, () => 1, 0)).giveBack();
    expect(told(await second.admit(MODEL, () => 1, 0))).toBe('go');
  });

  it('are told when the day of all together is used up, and keep no place of their own', async () => {
    const rates = createLocalRates(createManualClock());
    const table = { openai: { default: { rpd: 1 } } };
    await runWith(rates, table).admit(MODEL, () => 1, 0);
    const other = new RequestGate(
      new RateLimiter({ openai: { default: { rpm: 1 } } }, null),
      new CircuitBreaker(),
      new SharedLimiter(table, { rates, limits: [] }),
    );
    expect(told(await other.admit(MODEL, () => 1, 0))).toBe('quota');
    expect(told(other.ask(MODEL, () => 1, 0))).toBe('go');
  });

  it('keep to a limit of all models of a type, and leave other types alone', async () => {
    const rates = createLocalRates(createManualClock());
    const gate = runWith(rates, {}, [{ type: 'openai', requests: 1, spanMs: 1_000 }]);
    const said: string[] = [];
    for (const model of ['m', 'n']) said.push(told(await gate.admit({ ...MODEL, model }, () => 1, 0)));
    said.push(told(await gate.admit({ ...MODEL, type: 'claude' }, () => 1, 0)));
    expect(said).toEqual(['go', 'wait 1000', 'go']);
  });

  it('keep each to its own limit, where they name different ones', async () => {
    const rates = createLocalRates(createManualClock());
    const strict = runWith(rates, { openai: { default: { rpm: 1 } } });
    const loose = runWith(rates, { openai: { default: { rpm: 3 } } });
    const said: string[] = [];
    for (const gate of [loose, loose, strict]) said.push(told(await gate.admit(MODEL, () => 1, 0)));
    expect(said).toEqual(['go', 'go', 'wait 60000']);
  });

  it('are not held up without a limit', async () => {
    const never: SharedRates = { book: () => Promise.reject(new Error('asked')) };
    expect(told(await runWith(never, {}).admit(MODEL, () => 1, DAY_MS))).toBe('go');
  });
});
