import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { agentsOf } from '../../src/coordination/views.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { Conversation } from '../../src/events/projections/conversation.ts';
import { NO_LIMITS } from '../../src/events/settings.ts';
import type { Turn } from './scripted-agent.ts';
import { ofType, runScripted, type ScriptedRunOptions } from './scripted-run.ts';
import { SUBAGENTS } from './subagent-limits.ts';

const spawn = (tasks: string[], rest: Record<string, boolean> = {}): Turn => ({
  tool_calls: [{ name: 'spawn_subagents', args: { tasks: tasks.map((task) => ({ task })), ...rest } }],
});
const PART: Turn = { text: 'Part done.', usage: { input: 100, output: 10 }, cost_usd: 0.25, repeat: true };
const END: Turn = { text: 'All done.', repeat: true };

async function run(turns: Turn[], options: Partial<ScriptedRunOptions> = {}): Promise<RunEvent[]> {
  const settings = { subagents: SUBAGENTS, ...options.settings };
  return runScripted({ scripts: { a: turns }, parts: [PART], ...options, settings });
}

function results(events: readonly RunEvent[]): unknown[] {
  return ofType(events, 'tool.finished').map(({ data }) =>
    data.output.startsWith('{') ? (JSON.parse(data.output) as unknown) : data.output,
  );
}

function parts(events: readonly RunEvent[]) {
  const state = foldEvents(events);
  return (state ? agentsOf(state) : []).flatMap(({ subagents }) =>
    subagents.map(({ name, status, text }) => [name, status, text]),
  );
}

describe('a part that is given to a subagent', () => {
  it('is worked on in a run of its own, and its answer is the result of the call', async () => {
    const events = await run([spawn(['Count.', 'Sort.']), END]);
    expect(results(events)).toEqual([
      {
        status: 'done',
        subagents: [
          { subagent: 'agent1-sub1', outcome: 'answered', answer: 'Part done.' },
          { subagent: 'agent1-sub2', outcome: 'answered', answer: 'Part done.' },
        ],
      },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', data: { outcome: 'answered' } });
  });

  it('may have a role that the config names, and is told what that is', async () => {
    const asked: string[] = [];
    const spawned: Turn = {
      tool_calls: [
        {
          name: 'spawn_subagents',
          args: {
            tasks: [
              { task: 'Count.', subagent_type: 'sceptic' },
              { task: 'Sort.' },
              { task: 'Sum.', subagent_type: 'clerk' },
            ],
          },
        },
      ],
    };
    const events = await run([spawned, END], {
      settings: { subagents: { ...SUBAGENTS, maxAtOnce: 1, kinds: { sceptic: 'Doubt everything.', clerk: '' } } },
      wrap: (provider, { id }) => ({
        ...provider,
        stream: (request) => {
          if (id !== 'a') asked.push(request.messages.map((message) => ('text' in message ? message.text : '')).join());
          return provider.stream(request);
        },
      }),
    });
    expect(asked).toEqual([
      'Your role is sceptic. Doubt everything.\n\nCount.',
      'Sort.',
      'Your role is clerk.\n\nSum.',
    ]);
    expect(ofType(events, 'subagent.started').map(({ data }) => [data.task, data.kind])).toEqual([
      ['Count.', 'sceptic'],
      ['Sort.', undefined],
      ['Sum.', 'clerk'],
    ]);
  });

  it('has no role that the config does not name', async () => {
    const args = { tasks: [{ task: 'Count.', subagent_type: 'boss' }] };
    const events = await run([{ tool_calls: [{ name: 'spawn_subagents', args }] }, END], {
      settings: { subagents: { ...SUBAGENTS, kinds: { clerk: '' } } },
    });
    expect([ofType(events, 'subagent.started'), ofType(events, 'tool.finished')[0]?.data.isError]).toEqual([[], true]);
  });

  it('is paid for by its agent, and counted apart', async () => {
    const state = foldEvents(await run([spawn(['Count.', 'Sort.']), END]));
    expect(state?.phases.subagent).toEqual({
      usage: { input: 200, output: 20, cachedInput: 0, cacheWrite: 0, reasoning: 0 },
      cost: { usd: 0.5, isComplete: true },
    });
    expect(state?.agents['agent1']?.cost.usd).toBeGreaterThanOrEqual(0.5);
    expect(state?.cost).toEqual(state?.agents['agent1']?.cost);
  });

  it('is not given on by those who work on it', async () => {
    const events = await run([spawn(['Count.']), END], { parts: [spawn(['Deeper.']), PART] });
    expect(parts(events)).toEqual([['agent1-sub1', 'answered', 'Part done.']]);
    expect(ofType(events, 'subagent.started')).toHaveLength(1);
  });

  it('ends with its time, and says so', async () => {
    const events = await run([spawn(['Count.']), END], {
      parts: [{ ...PART, delay_ms: 5_000 }],
      settings: { subagents: { ...SUBAGENTS, timeoutMs: 1_000 } },
    });
    expect(parts(events)).toEqual([['agent1-sub1', 'timed-out', '']]);
  });

  it('fails alone', async () => {
    const events = await run([spawn(['Count.']), END], {
      parts: [{ fail: { kind: 'auth', message: 'No such key.' } }],
    });
    expect(parts(events)).toEqual([['agent1-sub1', 'failed', '']]);
    expect(JSON.stringify(results(events))).toContain('No such key.');
    expect(events.at(-1)).toMatchObject({ data: { outcome: 'answered' } });
  });

  it('waits for a place where as many as may are at work', async () => {
    const events = await run([spawn(['1', '2', '3']), END], { parts: [{ ...PART, delay_ms: 1_000 }] });
    const ends = ofType(events, 'subagent.finished').map(({ at }) => Math.floor((at - (events[0]?.at ?? 0)) / 1_000));
    expect(ends).toEqual([1, 1, 2]);
  });

  it('is refused beyond the number that an agent may have', async () => {
    const events = await run([spawn(['1', '2', '3', '4', '5']), END]);
    expect(results(events)[0]).toContain(
      'An agent may have 4 subagents in a run; you have had 0 and asked for 5 more.',
    );
    expect(ofType(events, 'subagent.started')).toEqual([]);
  });

  it('is refused beyond the number that the run may have', async () => {
    const script = [
      { when: 'draft', request: 1, ...spawn(['1', '2', '3']) },
      { when: 'draft', answer: 'A.' },
      { vote: 'first', repeat: true },
    ] as Turn[];
    const events = await run([], { scripts: { a: script, b: script } });
    expect(ofType(events, 'subagent.started')).toHaveLength(3);
    expect(results(events).join(' ')).toContain('All agents together may have 5 subagents in a run, and had 3.');
  });

  it('is stopped at the budget of the run, and what it has used is counted', async () => {
    const events = await run([spawn(['1', '2', '3', '4']), END], {
      settings: { limits: { ...NO_LIMITS, usd: 0.4 }, subagents: { ...SUBAGENTS, maxAtOnce: 1 } },
    });
    expect(ofType(events, 'budget.reached')).toHaveLength(1);
    expect(ofType(events, 'subagent.worked').map(({ data }) => data.costUsd)).toEqual([0.25, 0.25]);
    expect(parts(events).map(([, status]) => status)).toEqual([
      'answered',
      expect.any(String),
      'cancelled',
      'cancelled',
    ]);
  });

  it('is stopped with the run', async () => {
    const events = await run([spawn(['Count.']), END], {
      parts: [{ ...PART, delay_ms: 60_000 }],
      onStart: (handle) => {
        handle.subscribe(({ type }) => {
          if (type === 'subagent.started') handle.send({ type: 'cancel', by: 'user' });
        });
      },
    });
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', data: { outcome: 'cancelled' } });
  });
});

describe('a part in the background', () => {
  it('is told to its agent at the next safe point, once', async () => {
    const later: Turn = { tool_calls: [{ name: 'wait_a_moment', args: {} }], delay_ms: 500 };
    const events = await run([spawn(['Count.'], { background: true }), later, END]);
    expect(results(events)[0]).toMatchObject({ status: 'started', subagents: ['agent1-sub1'] });
    const conversation = new Conversation('agent1');
    for (const event of events) conversation.apply(event);
    const told = conversation
      .messages()
      .filter((each) => 'text' in each && each.text.includes('agent1-sub1 has ended'));
    expect(told.map((each) => 'text' in each && each.text.includes('Part done.'))).toEqual([true]);
  });

  it('can be waited for, and is not told again then', async () => {
    const wait: Turn = { tool_calls: [{ name: 'wait_for_subagents', args: {} }] };
    const events = await run([spawn(['Count.'], { background: true }), wait, END], {
      parts: [{ ...PART, delay_ms: 900 }],
    });
    expect(results(events)[1]).toEqual({
      status: 'done',
      subagents: [{ subagent: 'agent1-sub1', outcome: 'answered', answer: 'Part done.' }],
    });
    const prompts = ofType(events, 'context.added').flatMap(({ data }) => data.messages.map(({ text }) => text));
    expect(prompts.some((text) => text.includes('has ended'))).toBe(false);
  });

  it('is stopped when its agent hands in, and when it says so', async () => {
    const stop: Turn = { tool_calls: [{ name: 'stop_subagents', args: { subagents: ['agent1-sub1'] } }] };
    const slow = { parts: [{ ...PART, delay_ms: 60_000 }] };
    const background = spawn(['1', '2'], { background: true });
    const events = await run([background, stop, END], slow);
    expect(results(events)[1]).toMatchObject({ subagents: [{ subagent: 'agent1-sub1', outcome: 'cancelled' }] });
    expect(parts(events).map(([, status]) => status)).toEqual(['cancelled', 'cancelled']);
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', data: { outcome: 'answered' } });
  });
});
