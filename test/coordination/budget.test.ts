import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitText } from '../../src/coordination/budget.ts';
import { toolRefusal } from '../../src/coordination/tool-refusal.ts';
import { agentOf } from '../../src/coordination/views.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { NO_LIMITS, type CoordinationSettings, type Limits } from '../../src/events/settings.ts';
import { NO_USAGE } from '../../src/events/usage.ts';
import { play, runs } from './random-play.ts';
import { SimulatedTeam } from './simulated-team.ts';

function ofType<T extends RunEvent['type']>(team: SimulatedTeam, type: T): Extract<RunEvent, { type: T }>[] {
  return team.events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}

/** A team whose model calls cost 10 tokens and one cent each. */
function team(
  agents: number,
  limits: Partial<Limits>,
  settings: Partial<CoordinationSettings> = {},
  own: Partial<Limits> | null = null,
): SimulatedTeam {
  return new SimulatedTeam(
    agents,
    { limits: { ...NO_LIMITS, ...limits }, ...settings },
    1,
    own && { ...NO_LIMITS, ...own },
  );
}

describe("the run's budget", () => {
  it('warns at 50, 80 and 95 percent, each once, and says when it is reached', () => {
    const run = team(1, { tokens: 100 }, { maxToolRounds: 50 });
    for (let call = 0; call < 10; call += 1) run.move('agent1', { do: 'call', calls: [['calculator', {}]] });
    expect(ofType(run, 'budget.warned').map((event) => [event.agent, event.data])).toEqual([
      [undefined, { resource: 'tokens', used: 50, limit: 100, percent: 50 }],
      [undefined, { resource: 'tokens', used: 80, limit: 100, percent: 80 }],
    ]);
    expect(ofType(run, 'budget.reached').map((event) => event.data)).toEqual([
      { resource: 'tokens', used: 100, limit: 100 },
    ]);
  });

  it('tells only the highest mark of a jump', () => {
    const run = team(2, { usd: 0.0105 });
    run.move('agent1', { do: 'answer', text: 'one' });
    expect(ofType(run, 'budget.warned').map((event) => event.data.percent)).toEqual([95]);
  });

  it('interrupts open turns, lets the ballots decide, and presents without another model call', () => {
    const run = team(3, { tokens: 50 }, { finalAnswer: 'present' });
    for (const alias of run.state.order) run.move(alias, { do: 'answer', text: `of ${alias}` });
    run.move('agent1', { do: 'vote', for: 'agent3' });
    run.move('agent2', { do: 'vote', for: 'agent3' });
    expect(run.working).toEqual(['agent3']);
    expect(agentOf(run.state, 'agent3').turn?.isInterrupted).toBe(true);
    run.move('agent3', { do: 'vote', for: 'agent1' });
    expect(ofType(run, 'request.finished')).toHaveLength(5);
    expect(run.state.winner?.label).toBe('agent3.1');
    expect(run.state.winner?.reason).toMatch(/^The run's budget of 50 tokens is used up\. /);
    expect(run.state.final).toMatchObject({
      text: 'of agent3',
      source: 'winning-answer',
      notice: "The run's budget of 50 tokens is used up. This is the winning answer as it was submitted.",
    });
    expect(run.state.end).toEqual({
      outcome: 'answered',
      reason: "The run's budget of 50 tokens is used up. The best answer so far was presented.",
    });
  });

  it('counts what the very reply handed in that used it up, since that is paid for', () => {
    const run = team(2, { tokens: 10 });
    run.move('agent1', { do: 'answer', text: 'paid for' });
    run.move('agent2', { do: 'answer', text: 'too late' });
    expect(run.state.final?.text).toBe('paid for');
    expect(run.state.end?.outcome).toBe('answered');
  });

  it('takes the earliest answer where no ballot counts', () => {
    const run = team(2, { usd: 0.02 });
    run.move('agent2', { do: 'answer', text: 'first' });
    run.move('agent1', { do: 'answer', text: 'second' });
    expect(run.state.winner).toMatchObject({ label: 'agent2.1', rule: 'fallback' });
  });

  it('without any answer the run has failed, and says why', () => {
    const run = team(2, { tokens: 10 });
    run.move('agent1', { do: 'call', calls: [['calculator', {}]] });
    for (const alias of run.working) run.move(alias, { do: 'say', text: '' });
    expect(run.state.end).toEqual({
      outcome: 'failed',
      reason: "The run's budget of 10 tokens is used up. No agent had answered before.",
    });
  });

  it('stops a presenter, and the winning answer is the answer', () => {
    const run = team(2, { tokens: 50 }, { finalAnswer: 'present', maxToolRounds: 9 });
    for (const alias of run.state.order) run.move(alias, { do: 'answer', text: `of ${alias}` });
    for (const alias of run.state.order) run.move(alias, { do: 'vote', for: 'agent1' });
    expect(run.kindOf('agent1')).toBe('present');
    run.move('agent1', { do: 'call', calls: [['calculator', {}]] });
    expect(run.state.final).toMatchObject({ text: 'of agent1', source: 'winning-answer' });
  });
});

describe("an agent's own budget", () => {
  it('puts it out, as failed without an answer and as abstained with one; the others go on', () => {
    const run = team(3, {}, { maxToolRounds: 9 }, { tokens: 20 });
    run.move('agent1', { do: 'call', calls: [['calculator', {}]] });
    run.move('agent1', { do: 'call', calls: [['calculator', {}]] });
    run.move('agent2', { do: 'answer', text: 'two' });
    run.move('agent3', { do: 'answer', text: 'three' });
    run.move('agent2', { do: 'call', calls: [['calculator', {}]] });
    run.move('agent3', { do: 'vote', for: 'agent2' });
    const standing = run.state.order.map((alias) => agentOf(run.state, alias).standing);
    expect(standing).toEqual(['failed', 'abstained', 'active']);
    expect(agentOf(run.state, 'agent1').trouble?.message).toBe('Its budget of 20 tokens is used up.');
    expect(run.state.end?.outcome).toBe('answered');
    expect(run.state.winner?.label).toBe('agent2.1');
  });

  it('does not matter to an agent whose vote is in', () => {
    const run = team(2, {}, {}, { tokens: 20 });
    for (const alias of run.state.order) run.move(alias, { do: 'answer', text: `of ${alias}` });
    for (const alias of run.state.order) run.move(alias, { do: 'vote', for: 'agent1' });
    expect(run.state.order.map((alias) => agentOf(run.state, alias).standing)).toEqual(['active', 'active']);
    expect(run.state.winner?.ballots).toBe(2);
  });

  it('keeps a winner from presenting', () => {
    const run = team(2, {}, { finalAnswer: 'present' }, { tokens: 20 });
    for (const alias of run.state.order) run.move(alias, { do: 'answer', text: `of ${alias}` });
    for (const alias of run.state.order) run.move(alias, { do: 'vote', for: 'agent1' });
    expect(run.state.final?.notice).toMatch(/^The winning agent has used up its budget of 20 tokens/);
  });

  it('of the only agent ends the run with what it has', () => {
    const run = team(1, {}, {}, { usd: 0.01 });
    run.move('agent1', { do: 'say', text: 'the answer' });
    expect([run.state.end?.outcome, run.state.final?.text]).toEqual(['answered', 'the answer']);
  });
});

describe('a budget of tool calls', () => {
  it('refuses further tools, and the agents finish with what they have', () => {
    const run = team(2, { toolCalls: 1 }, { maxToolRounds: 9 });
    run.move('agent1', {
      do: 'call',
      calls: [
        ['calculator', {}],
        ['calculator', {}],
      ],
    });
    expect(ofType(run, 'tool.started')).toHaveLength(1);
    expect(ofType(run, 'call.refused').map((event) => event.data.code)).toEqual(['tool-budget']);
    run.move('agent1', { do: 'answer', text: 'one' });
    run.move('agent2', { do: 'answer', text: 'two' });
    for (const alias of run.state.order) run.move(alias, { do: 'vote', for: 'agent1' });
    expect(run.state.end).toEqual({ outcome: 'answered', reason: 'The final answer was presented.' });
  });

  it('says whose calls are used up', () => {
    const refusal = (run: SimulatedTeam): string | undefined => {
      run.move('agent1', { do: 'call', calls: [['calculator', {}]] });
      return toolRefusal(run.state, agentOf(run.state, 'agent1'))?.message;
    };
    expect([refusal(team(2, { toolCalls: 1 })), refusal(team(2, {}, {}, { toolCalls: 1 }))]).toEqual([
      'The tool calls of this run are used up, so this one was not made. Finish with what you know.',
      'Your own tool calls are used up, so this one was not made. Finish with what you know.',
    ]);
  });

  it('puts an agent out that goes on calling tools all the same', () => {
    const run = team(2, { toolCalls: 1 }, { maxToolRounds: 50, maxProtocolRetries: 1 });
    for (let round = 0; round < 3; round += 1) run.move('agent1', { do: 'call', calls: [['calculator', {}]] });
    expect(agentOf(run.state, 'agent1').trouble).toEqual({
      kind: 'protocol',
      message: 'It went on calling tools after its tool calls were used up.',
    });
  });
});

describe('a price that is unknown', () => {
  it('is said once where money is limited, and nowhere else', () => {
    const told = [{ usd: 1 }, { tokens: 1000 }].map((limits) => {
      const run = team(2, limits);
      for (const alias of ['agent1', 'agent2', 'agent1']) {
        const turn = agentOf(run.state, alias).turn?.turn ?? '';
        const error = { kind: 'network' as const, message: '' };
        const data = { turn, request: 'r', error, usage: NO_USAGE, costUsd: null, retryInMs: 5 };
        run.record({ type: 'request.failed', agent: alias, data });
      }
      return ofType(run, 'budget.unpriced').map((event) => [event.agent, event.data.message]);
    });
    expect(told).toEqual([
      [['agent1', 'Not all of what calls of simulated cost is known, so the limit in USD may be passed.']],
      [],
    ]);
  });
});

describe('whatever agents do, in whatever order', () => {
  it('after the budget was reached no model call begins that was not in flight', () => {
    fc.assert(
      fc.property(runs, (world) => {
        const run = play(world);
        const reached = run.events.findIndex(
          ({ type, agent, data }) =>
            type === 'budget.reached' &&
            agent === undefined &&
            (data as { resource: string }).resource !== 'tool_calls',
        );
        if (reached < 0) return;
        expect(run.events.slice(reached).filter((event) => event.type === 'turn.started')).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('what is spent is beyond a limit by the calls in flight at most: one of each agent, and its answers to all others', () => {
    fc.assert(
      fc.property(runs, (world) => {
        const { state } = play(world);
        const { tokens, usd } = state.settings.limits;
        const agents = state.order.length;
        expect(state.usage.input + state.usage.output).toBeLessThan((tokens ?? Infinity) + 10 * agents ** 2);
        expect(state.cost.usd).toBeLessThan((usd ?? Infinity) + 0.01 * agents ** 2 + 1e-9);
        for (const { info, usage } of Object.values(state.agents)) {
          expect(usage.input + usage.output).toBeLessThan((info.limits?.tokens ?? Infinity) + 10 * agents);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('no tool is run beyond a limit, at all', () => {
    fc.assert(
      fc.property(runs, (world) => {
        const { state } = play(world);
        expect(state.toolCalls).toBeLessThanOrEqual(state.settings.limits.toolCalls ?? Infinity);
        for (const { info, toolCalls } of Object.values(state.agents)) {
          expect(toolCalls).toBeLessThanOrEqual(info.limits?.toolCalls ?? Infinity);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('every mark of every budget is told at most once, and marks rise', () => {
    fc.assert(
      fc.property(runs, (world) => {
        const marks = new Map<string, number>();
        for (const event of play(world).events) {
          if (event.type !== 'budget.warned' && event.type !== 'budget.reached') continue;
          const key = `${event.agent ?? 'run'}/${event.data.resource}`;
          const mark = event.type === 'budget.warned' ? event.data.percent : 100;
          if (event.data.resource === 'seconds') continue;
          expect(mark).toBeGreaterThan(marks.get(key) ?? 0);
          marks.set(key, mark);
        }
      }),
      { numRuns: 500 },
    );
  });
});

it.each([
  [0.5, '0.50 USD'],
  [12, '12.00 USD'],
  [0.015, '0.015 USD'],
  [0.0003, '0.0003 USD'],
])('a limit of %d USD is told as it is', (limit, text) => {
  expect(limitText({ resource: 'usd', used: 0, limit })).toBe(text);
});
