import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { agentsOf } from '../../src/coordination/views.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { addUsage, NO_USAGE, type Usage } from '../../src/events/usage.ts';
import { play, runs } from './random-play.ts';

interface Paid {
  /** Null for a call beside all turns. */
  turn: string | null;
  phase: string;
  agent: string | null;
  usage: Usage;
  costUsd: number | null;
  isCut?: boolean;
}

/** Every call that the log records, with what it was for: found by the turn that it names, not by any fold. */
function paidCalls(events: readonly RunEvent[]): Paid[] {
  const kinds = new Map<string, string>();
  return events.flatMap((event): Paid[] => {
    if (event.type === 'turn.started') kinds.set(event.data.turn, event.data.kind);
    if (event.type === 'request.finished' || event.type === 'request.failed') {
      const { turn, usage, costUsd } = event.data;
      const isCut = event.type === 'request.failed' && event.data.isCut === true;
      return [{ turn, phase: kinds.get(turn) ?? '?', agent: event.agent ?? null, usage, costUsd, isCut }];
    }
    if (event.type === 'question.answered' && event.data.by.startsWith('agent')) {
      return [
        { turn: null, phase: 'question', agent: event.data.by, usage: event.data.usage, costUsd: event.data.costUsd },
      ];
    }
    if (event.type === 'preparation.finished') {
      return [{ turn: null, phase: 'preparation', agent: null, usage: event.data.usage, costUsd: event.data.costUsd }];
    }
    return [];
  });
}

const micro = (usd: number): number => Math.round(usd * 1e6);

function sum(calls: readonly Paid[]): { usage: Usage; micro: number; isComplete: boolean } {
  return {
    usage: calls.reduce((all, { usage }) => addUsage(all, usage), NO_USAGE),
    // Whole numbers, so that the sum itself makes no error.
    micro: calls.reduce((all, { costUsd }) => all + micro(costUsd ?? 0), 0),
    isComplete: calls.every(({ costUsd, isCut = false }) => costUsd !== null && !isCut),
  };
}

/** The same run with other bills: any tokens, any price to the micro-dollar, or none that is known in full. */
function withBills(
  events: readonly RunEvent[],
  bills: readonly { tokens: number; price: number | null; isCut: boolean }[],
): RunEvent[] {
  let at = 0;
  return events.map((event): RunEvent => {
    if (!('usage' in event.data)) return event;
    const { tokens, price, isCut } = bills[at % bills.length] ?? { tokens: 0, price: null, isCut: false };
    at += 1;
    const usage = { input: tokens, output: tokens % 97, cachedInput: tokens >> 1, cacheWrite: 0, reasoning: 0 };
    const bill = { usage, costUsd: price === null ? null : price / 1e6 };
    const cut = isCut && event.type === 'request.failed' ? { isCut } : {};
    return { ...event, data: { ...event.data, ...bill, ...cut } } as RunEvent;
  });
}

const bill = fc.record({
  tokens: fc.nat(1_000_000),
  price: fc.option(fc.nat(5_000_000), { freq: 8 }),
  isCut: fc.boolean(),
});
const bills = fc.array(bill, { minLength: 1, maxLength: 40 });

describe('what a run cost', () => {
  it('is what its log records, to the micro-dollar: in all, by agent, by turn and by phase', () => {
    fc.assert(
      fc.property(runs, bills, (world, prices) => {
        const events = withBills(play(world).events, prices);
        const state = foldEvents(events);
        if (!state) return;
        const calls = paidCalls(events);
        const seen = (of: { usage: Usage; cost: { usd: number; isComplete: boolean } }): unknown => ({
          usage: of.usage,
          micro: micro(of.cost.usd),
          isComplete: of.cost.isComplete,
        });
        expect(seen(state)).toEqual(sum(calls));
        for (const agent of agentsOf(state)) {
          expect(seen(agent)).toEqual(sum(calls.filter((call) => call.agent === agent.info.alias)));
        }
        const turns = [...new Set(calls.map(({ turn }) => turn))].filter((turn) => turn !== null);
        expect(state.turnSpending.map(({ turn }) => turn).toSorted()).toEqual(turns.toSorted());
        for (const spending of state.turnSpending) {
          expect(seen(spending)).toEqual(sum(calls.filter(({ turn }) => turn === spending.turn)));
        }
        const phases = [...new Set(calls.map(({ phase }) => phase))];
        expect(Object.keys(state.phases).toSorted()).toEqual(phases.toSorted());
        for (const [phase, spending] of Object.entries(state.phases)) {
          expect(seen(spending)).toEqual(sum(calls.filter((call) => call.phase === phase)));
        }
      }),
      { numRuns: 300 },
    );
  });
});
