import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { NO_LIMITS } from '../../src/events/settings.ts';
import { NO_USAGE } from '../../src/events/usage.ts';
import type { ModelEvent } from '../../src/providers/provider.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { ofType, runScripted, START } from './scripted-run.ts';

const counter = (): { tool: Tool; calls: () => number } => {
  let calls = 0;
  const execute = async () => ({ output: String((calls += 1)), isError: false });
  return {
    tool: { spec: { name: 'count', description: '', parameters: { type: 'object' } }, execute },
    calls: () => calls,
  };
};

describe('a limit of seconds', () => {
  it('of the run warns in time, stops what goes on, and presents the best answer so far', async () => {
    const events = await runScripted({
      scripts: { a: [{ when: 'draft', answer: 'in time' }], b: [{ when: 'draft', hang: true }] },
      settings: { limits: { ...NO_LIMITS, seconds: 10 } },
    });
    expect(ofType(events, 'budget.warned').map((event) => [event.at - START, event.data])).toEqual([
      [5_000, { resource: 'seconds', used: 5, limit: 10, percent: 50 }],
      [8_000, { resource: 'seconds', used: 8, limit: 10, percent: 80 }],
      [9_500, { resource: 'seconds', used: 9.5, limit: 10, percent: 95 }],
    ]);
    expect(ofType(events, 'budget.reached').map((event) => event.at - START)).toEqual([10_000]);
    const state = foldEvents(events);
    expect([state?.end?.outcome, state?.final?.text]).toEqual(['answered', 'in time']);
    expect(state?.final?.notice).toMatch(/^The run's budget of 10 seconds is used up\./);
  });

  it('tells each mark once, also where a share of it is no exact number', async () => {
    const events = await runScripted({
      scripts: { a: [{ when: 'draft', answer: 'in time' }], b: [{ when: 'draft', hang: true }] },
      settings: { limits: { ...NO_LIMITS, seconds: 0.6 } },
    });
    expect(ofType(events, 'budget.warned').map(({ data }) => data.percent)).toEqual([50, 80, 95]);
  });

  it('of an agent counts its turns only, and puts it out', async () => {
    const events = await runScripted({
      scripts: {
        slow: [
          { when: 'draft', answer: 'slow', delay_ms: 20_000 },
          { when: 'judge', vote: 'self' },
        ],
        quick: [
          { when: 'draft', answer: 'quick', delay_ms: 6_000 },
          { when: 'judge', hang: true },
        ],
      },
      limits: { quick: { ...NO_LIMITS, seconds: 10 } },
    });
    const reached = ofType(events, 'budget.reached');
    expect(reached.map((event) => [event.at - START, event.data.resource])).toEqual([[24_000, 'seconds']]);
    expect(ofType(events, 'agent.abstained').map((event) => event.data.reason)).toEqual([
      'Its budget of 10 seconds is used up.',
    ]);
    expect(foldEvents(events)?.final?.text).toBe('slow');
  });
});

describe('a limit of tool calls', () => {
  it('runs no tool beyond it, and tells the agent', async () => {
    const { tool, calls } = counter();
    const events = await runScripted({
      scripts: {
        only: [
          { tool_calls: [{ name: 'count', args: {} }] },
          { tool_calls: [{ name: 'count', args: {} }] },
          { text: 'counted' },
        ],
      },
      settings: { limits: { ...NO_LIMITS, toolCalls: 1 } },
      tools: [tool],
    });
    expect(calls()).toBe(1);
    expect(ofType(events, 'call.refused').map((event) => event.data.message)).toEqual([
      'The tool calls of this run are used up, so this one was not made. Finish with what you know.',
    ]);
    expect(foldEvents(events)?.final?.text).toBe('counted');
  });
});

describe('a limit of tokens or money', () => {
  it('takes the answer of the reply that used it up, and asks no model again', async () => {
    const events = await runScripted({
      scripts: {
        a: [{ when: 'draft', answer: 'paid for', usage: { input: 90, output: 20 } }],
        b: [{ when: 'draft', hang: true }],
      },
      settings: { limits: { ...NO_LIMITS, tokens: 100 }, finalAnswer: 'present' },
    });
    expect(foldEvents(events)?.final?.text).toBe('paid for');
    expect(ofType(events, 'request.started')).toHaveLength(2);
    expect(ofType(events, 'turn.finished').map((event) => event.data.outcome)).toEqual(['answered', 'aborted']);
  });

  it('counts what a call that was cut off has cost at the least', async () => {
    const error = { kind: 'bad-request' as const, message: 'Cut.' };
    const counts = { input: 10, output: null, cached: null, cacheWrite: null, reasoning: null, total: null };
    const cut = async function* (): AsyncGenerator<ModelEvent> {
      yield { type: 'text', text: 'So' };
      const sent = { stopReason: null, usage: counts };
      yield { type: 'failed', error, usage: { ...NO_USAGE, input: 10 }, sent, isCut: true };
    };
    const events = await runScripted({
      scripts: { only: [] },
      wrap: (provider) => ({ ...provider, stream: cut, costUsd: ({ input }) => input / 1_000 }),
      settings: { limits: { ...NO_LIMITS, usd: 1 } },
    });
    expect(ofType(events, 'request.failed').map(({ data }) => [data.costUsd, data.isCut])).toEqual([[0.01, true]]);
    expect(foldEvents(events)?.cost).toEqual({ usd: 0.01, isComplete: false });
    expect(ofType(events, 'budget.unpriced')).toHaveLength(1);
  });

  it('that may be passed is said once', async () => {
    const events = await runScripted({
      scripts: { a: [{ when: 'draft', answer: 'a' }], b: [{ when: 'draft', answer: 'b' }] },
      wrap: (provider) => ({ ...provider, stream: (request) => provider.stream(request), costUsd: () => null }),
      settings: { limits: { ...NO_LIMITS, usd: 1 }, timeoutMs: 1_000 },
    });
    expect(ofType(events, 'budget.unpriced')).toHaveLength(1);
  });
});
