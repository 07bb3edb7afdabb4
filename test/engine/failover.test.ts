import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { RateLimitTable } from '../../src/config/rate-limits.ts';
import type { RunEvent } from '../../src/events/event.ts';
import type { ModelErrorKind } from '../../src/events/model-error.ts';
import { CircuitBreaker } from '../../src/providers/limits/circuit-breaker.ts';
import { RateLimiter } from '../../src/providers/limits/rate-limiter.ts';
import { RequestGate } from '../../src/providers/limits/request-gate.ts';
import { type Turn } from './scripted-agent.ts';
import { ofType, runScripted, START } from './scripted-run.ts';

const fails = (kind: ModelErrorKind): Turn => ({ fail: { kind, message: `no: ${kind}` }, repeat: true });

function limited(table: RateLimitTable): RequestGate {
  return new RequestGate(new RateLimiter(table, null), new CircuitBreaker());
}

function switches(events: RunEvent[]): unknown[] {
  return ofType(events, 'model.switched').map(({ data: { from, to, error } }) => [from, to, error.kind]);
}

describe('an agent with further models', () => {
  it.each<[ModelErrorKind, number]>([
    ['auth', 1],
    ['quota', 1],
    ['context-length', 1],
    ['overloaded', 4],
    ['rate-limit', 4],
    ['network', 4],
  ])('goes on with the next one after %s, which takes %i requests', async (kind, requests) => {
    const events = await runScripted({
      scripts: { only: [fails(kind)] },
      fallback: { only: [[{ text: 'from the second' }]] },
    });
    expect(switches(events)).toEqual([['script', 'script-2', kind]]);
    expect(ofType(events, 'request.failed')).toHaveLength(requests);
    expect(ofType(events, 'request.started')).toHaveLength(requests + 1);
    const state = foldEvents(events);
    expect(state?.final?.text).toBe('from the second');
    expect(Object.values(state?.agents ?? {})[0]).toMatchObject({ standing: 'active', info: { model: 'script-2' } });
  });

  it.each<ModelErrorKind>(['bad-request', 'content-filter'])(
    'does not after %s, which it would meet again',
    async (kind) => {
      const events = await runScripted({
        scripts: { only: [fails(kind)] },
        fallback: { only: [[{ text: 'never asked' }]] },
      });
      expect(switches(events)).toEqual([]);
      expect(ofType(events, 'request.started')).toHaveLength(1);
      expect(foldEvents(events)?.end?.outcome).toBe('failed');
    },
  );

  it('tries them in order, with the whole conversation, and fails after the last', async () => {
    const sent: [string, number][] = [];
    const events = await runScripted({
      scripts: { only: [fails('auth')] },
      fallback: { only: [[fails('quota')], [fails('auth')]] },
      wrap: (provider, agent) => ({
        ...provider,
        costUsd: (usage) => provider.costUsd(usage),
        stream: (request) => {
          sent.push([agent.backend.model, request.messages.length]);
          return provider.stream(request);
        },
      }),
    });
    expect(sent.map(([, messages]) => messages)).toEqual([1, 1, 1]);
    expect(sent.map(([model]) => model)).toEqual(['script', 'script-2', 'script-3']);
    expect(ofType(events, 'agent.failed').map((event) => event.data.error.message)).toEqual(['no: auth']);
  });

  it('stays with the model that worked, in later turns too', async () => {
    const turns: Turn[] = [
      { when: 'draft', answer: 'two' },
      { when: 'judge', vote: 'self' },
    ];
    const events = await runScripted({
      scripts: {
        a: [fails('auth')],
        b: [
          { when: 'draft', answer: 'one' },
          { when: 'judge', vote: 'self' },
        ],
      },
      fallback: { a: [turns] },
    });
    expect(switches(events)).toHaveLength(1);
    expect(ofType(events, 'request.failed')).toHaveLength(1);
    expect(foldEvents(events)?.winner?.ballots).toBe(2);
  });

  it('passes over one that cannot be connected to', async () => {
    const events = await runScripted({
      scripts: { only: [fails('auth')] },
      fallback: { only: [[{ text: 'second' }], [{ text: 'third' }]] },
      wrap: (provider, agent) => {
        if (agent.backend.model === 'script-2') throw new Error('no SDK');
        return provider;
      },
    });
    expect(switches(events)).toEqual([['script', 'script-3', 'auth']]);
  });

  it('goes over as well when the day of the first one is used up, without a request', async () => {
    const events = await runScripted({
      scripts: { a: [{ when: 'draft', answer: 'a' }], b: [{ when: 'draft', answer: 'never' }] },
      fallback: { b: [[{ when: 'draft', answer: 'b' }]] },
      gate: limited({ scripted: { script: { rpd: 1 } } }),
      settings: { maxAnswersPerAgent: 1, timeoutMs: 1_000 },
    });
    expect(switches(events)).toEqual([['script', 'script-2', 'quota']]);
    expect(
      ofType(events, 'answer.submitted')
        .map((event) => event.data.text)
        .toSorted(),
    ).toEqual(['a', 'b']);
  });
});

describe('how often a call is made again', () => {
  it('is up to the backend', async () => {
    const events = await runScripted({
      scripts: { only: [fails('overloaded')] },
      retry: { maxTries: 2, firstDelayMs: 5_000, jitter: 0 },
    });
    expect(ofType(events, 'request.failed').map((event) => event.data.retryInMs)).toEqual([5_000, null]);
  });
});

describe('a rate limit', () => {
  it('makes the agents of a run wait in turn, which is recorded, and nobody asks too often', async () => {
    const script: Turn[] = [
      { when: 'draft', answer: 'x', repeat: true },
      { when: 'judge', vote: 'first', repeat: true },
    ];
    const events = await runScripted({
      scripts: { a: script, b: script, c: script },
      gate: limited({ scripted: { default: { rpm: 2 } } }),
    });
    const asked = ofType(events, 'request.started').map((event) => event.at - START);
    expect(asked.length).toBeGreaterThanOrEqual(6);
    for (const time of asked) {
      expect(asked.filter((other) => other > time - 60_000 && other <= time).length).toBeLessThanOrEqual(2);
    }
    expect(ofType(events, 'request.delayed')[0]?.data).toMatchObject({
      reason: 'rate-limit',
      ms: 60_000,
      detail: 'The rate limit of script is reached.',
    });
    expect(foldEvents(events)?.end?.outcome).toBe('answered');
  });

  it('that is waited for does not hold up a cancel, and gives its place back', async () => {
    const gate = limited({ scripted: { default: { rpm: 1 } } });
    const events = await runScripted({
      scripts: { a: [{ when: 'draft', answer: 'a' }], b: [{ when: 'draft', answer: 'b' }] },
      gate,
      onStart: (handle) =>
        handle.subscribe((event) => event.type === 'request.delayed' && handle.send({ type: 'cancel', by: 'user' })),
    });
    expect(foldEvents(events)?.end?.outcome).toBe('cancelled');
    expect((events.at(-1)?.at ?? 0) - START).toBeLessThan(60_000);
    const next = gate.ask({ type: 'scripted', model: 'script', baseUrl: null }, () => 1, START + 1);
    expect(next.do === 'wait' ? next.ms : 0).toBeLessThan(60_000);
  });
});

describe('an endpoint that is dead', () => {
  it('is asked a few times by all agents together, not by each', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const events = await runScripted({ scripts: Object.fromEntries(ids.map((id) => [id, [fails('network')]])) });
    expect(ofType(events, 'request.started').length).toBeLessThan(ids.length * 4);
    expect(ofType(events, 'request.delayed').every((event) => event.data.reason === 'circuit-open')).toBe(true);
    expect(ofType(events, 'agent.failed')).toHaveLength(ids.length);
    expect(foldEvents(events)?.end?.outcome).toBe('failed');
  });
});
