import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settleReply } from '../../src/coordination/settle.ts';
import { limitOf, roundSteps, runSteps } from '../../src/coordination/time-limits.ts';
import { agentOf } from '../../src/coordination/views.ts';
import type { EventDraft, TurnLimitStage } from '../../src/events/event.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { SimulatedTeam } from './simulated-team.ts';

const ms = fc.integer({ min: 1, max: 10_000_000 });
const maybe = fc.option(ms);

describe('the steps of a time limit', () => {
  it('come one after the other, a grace apart, and not at all without a limit', () => {
    fc.assert(
      fc.property(maybe, maybe, ms, (firstMs, laterMs, graceMs) => {
        const settings = { ...DEFAULT_SETTINGS, roundLimits: { firstMs, laterMs, graceMs } };
        for (const kind of ['solo', 'draft', 'judge', 'present', 'evaluate'] as const) {
          const limit = kind === 'solo' || kind === 'draft' ? firstMs : laterMs;
          const times = limit === null ? [] : [limit, limit + graceMs, limit + 2 * graceMs];
          expect(roundSteps(settings, kind).map(({ afterMs }) => afterMs)).toEqual(times);
        }
      }),
    );
  });

  it('of the run come before its end and leave most of its time', () => {
    fc.assert(
      fc.property(ms, ms, (timeoutMs, graceMs) => {
        const roundLimits = { ...DEFAULT_SETTINGS.roundLimits, graceMs };
        const [first, second] = runSteps({ ...DEFAULT_SETTINGS, timeoutMs, roundLimits }).map((step) => step.afterMs);
        expect(first).toBeGreaterThan(timeoutMs * 0.79);
        expect(second).toBeGreaterThanOrEqual(first ?? 0);
        expect(second).toBeLessThanOrEqual(timeoutMs);
      }),
    );
    expect(runSteps({ ...DEFAULT_SETTINGS, timeoutMs: null })).toEqual([]);
  });
});

describe('the limit of a turn', () => {
  it('is the furthest one that was told, of the turn or of the run, in whatever order they come', () => {
    const stages: (TurnLimitStage | null)[] = [null, 'noticed', 'closed'];
    const told = fc.record({ isRun: fc.boolean(), stage: fc.constantFrom<'noticed' | 'closed'>('noticed', 'closed') });
    fc.assert(
      fc.property(fc.array(told, { maxLength: 5 }), (all) => {
        const team = new SimulatedTeam(2);
        const turn = agentOf(team.state, 'agent1').turn?.turn ?? '';
        for (const { isRun, stage } of all) {
          const draft: EventDraft = isRun
            ? { type: 'deadline.neared', data: { stage, leftMs: 1 } }
            : { type: 'turn.limited', agent: 'agent1', data: { turn, stage, limitMs: 1 } };
          team.record(draft);
        }
        const furthest = Math.max(0, ...all.map(({ stage }) => stages.indexOf(stage)));
        const open = agentOf(team.state, 'agent1').turn;
        expect(open && limitOf(team.state, open)).toBe(stages[furthest]);
      }),
    );
  });

  it('does not touch a later turn', () => {
    const team = new SimulatedTeam(2);
    team.record({
      type: 'turn.limited',
      agent: 'agent1',
      data: { turn: 'agent1-turn0', stage: 'stopped', limitMs: 1 },
    });
    expect(agentOf(team.state, 'agent1').turn?.limit).toBeNull();
  });

  it('lets a reply count that came while the turn was being stopped; without one the agent is out', () => {
    const team = new SimulatedTeam(2);
    const turn = agentOf(team.state, 'agent1').turn?.turn ?? '';
    team.record({ type: 'turn.limited', agent: 'agent1', data: { turn, stage: 'stopped', limitMs: 1 } });
    const args = { content: 'late' };
    const calls = [{ id: 'c', name: 'new_answer', args, rawArgs: JSON.stringify(args) }];
    const late = { message: { role: 'assistant' as const, text: '', calls }, stopReason: 'tool-calls' as const };
    const none = { message: { role: 'assistant' as const, text: '', calls: [] }, stopReason: 'end' as const };
    const typesOf = (reply: typeof late | typeof none): string[] =>
      settleReply(team.state, 'agent1', reply).map(({ type }) => type);
    expect([typesOf(late), typesOf(none)]).toEqual([
      ['answer.submitted', 'turn.finished'],
      ['agent.failed', 'turn.finished'],
    ]);
  });
});
