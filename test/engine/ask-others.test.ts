import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { agentOf } from '../../src/coordination/views.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { Conversation } from '../../src/events/projections/conversation.ts';
import { NOBODY_THERE } from '../../src/tools/asks.ts';
import { type Turn } from './scripted-agent.ts';
import { ofType, runScripted, type ScriptedRunOptions } from './scripted-run.ts';

const ASK = (question: string, rest: Record<string, string | boolean | string[]> = {}): Turn => ({
  when: 'draft',
  tool_calls: [{ name: 'ask_others', args: { question, ...rest } }],
});
const FINISH: Turn[] = [
  { when: 'draft', answer: 'Forty-two.', repeat: true },
  { when: 'judge', vote: 'first', repeat: true },
];
const COPY: Turn = {
  when: 'reply',
  repeat: true,
  text: 'I think 42.',
  usage: { input: 100, output: 7 },
  cost_usd: 0.5,
};

const agents = (options: ScriptedRunOptions): Promise<RunEvent[]> =>
  runScripted({ ...options, settings: { broadcast: 'agents', ...options.settings } });

/** What the calls of ask_others gave back. */
function results(events: readonly RunEvent[]): unknown[] {
  return ofType(events, 'tool.finished')
    .filter(({ data }) => data.name === 'ask_others')
    .map(({ data }) => (data.output.startsWith('{') ? JSON.parse(data.output) : data.output) as unknown);
}

function aliasOf(events: readonly RunEvent[], id: string): string {
  const [first] = ofType(events, 'run.started');
  return first?.data.agents.find((agent) => agent.id === id)?.alias ?? '';
}

describe('what the config says of asking', () => {
  const scripts: Record<string, Turn[]> = {
    a: [ASK('Is it 42?'), ...FINISH],
    b: [COPY, { ...FINISH[0], delay_ms: 500 }, ...FINISH],
  };
  const textOf = (events: readonly RunEvent[], id: string): string =>
    JSON.stringify(ofType(events, 'context.added').filter(({ agent }) => agent === aliasOf(events, id)));

  it('lets agents go on while others answer, if they are not to wait', async () => {
    const events = await agents({ scripts, settings: { broadcastWait: false } });
    expect(results(events)).toMatchObject([{ status: 'asked' }]);
    expect(ofType(events, 'question.asked')[0]?.data.isDetached).toBe(true);
  });

  it('tells agents how readily they are to ask', async () => {
    const [rarely, often] = await Promise.all(
      (['low', 'high'] as const).map((broadcastSensitivity) => agents({ scripts, settings: { broadcastSensitivity } })),
    );
    expect(textOf(rarely ?? [], 'a')).toContain('Ask only when you cannot go on without an answer.');
    expect(textOf(often ?? [], 'a')).toContain('Ask whenever somebody else may know better');
  });

  it('tells whoever answers how much to say', async () => {
    const asked: string[] = [];
    await agents({
      scripts,
      settings: { responseDepth: 'low' },
      wrap: (provider) => ({
        ...provider,
        stream: (request) => {
          if (request.purpose === 'reply') asked.push(JSON.stringify(request.messages.at(-1)));
          return provider.stream(request);
        },
      }),
    });
    expect(asked).toEqual([expect.stringContaining('Answer in one or two sentences.')]);
  });
});

describe('a question to the other agents', () => {
  const scripts = { a: [ASK('Is it 42?'), ...FINISH], b: [COPY, { ...FINISH[0], delay_ms: 500 }, ...FINISH] } as Record<
    string,
    Turn[]
  >;

  it('is answered by a copy of each, while their own turns go on', async () => {
    const events = await agents({ scripts });
    const b = aliasOf(events, 'b');
    expect(results(events)).toEqual([{ status: 'complete', responses: [{ from: b, answer: 'I think 42.' }] }]);
    expect(ofType(events, 'turn.interrupted')).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', data: { outcome: 'answered' } });
  });

  it('is paid for by whoever answers, once', async () => {
    const events = await agents({ scripts });
    const state = foldEvents(events);
    const b = aliasOf(events, 'b');
    const inCalls = ofType(events, 'request.finished').filter(({ agent }) => agent === b);
    const usd = inCalls.reduce((sum, { data }) => sum + (data.costUsd ?? 0), 0.5);
    expect(state && agentOf(state, b).cost).toEqual({ usd, isComplete: true });
    expect(ofType(events, 'question.answered').map(({ data }) => data.usage)).toEqual([
      { input: 100, output: 7, cachedInput: 0, cacheWrite: 0, reasoning: 0 },
    ]);
  });

  it('is told to the one in whose name it was answered, at its next safe point, once', async () => {
    const events = await agents({ scripts });
    const b = aliasOf(events, 'b');
    const conversation = new Conversation(b);
    for (const event of events) conversation.apply(event);
    const told = conversation
      .messages()
      .filter(
        ({ role, ...message }) =>
          role === 'user' && 'text' in message && message.text.includes('a copy of you answered it'),
      );
    expect(told).toHaveLength(1);
    expect(ofType(events, 'message.delivered').map(({ agent, data }) => [agent, data.message])).toEqual([
      [b, 'question-1'],
    ]);
  });

  it('reaches only those who are named', async () => {
    const probe = await agents({ scripts: { ...scripts, c: [COPY, ...FINISH] } });
    const c = aliasOf(probe, 'c');
    const events = await agents({
      scripts: { ...scripts, a: [ASK('Is it 42?', { agents: [c] }), ...FINISH], c: [COPY, ...FINISH] },
    });
    expect(ofType(events, 'question.asked').map(({ data }) => data.to)).toEqual([[c]]);
  });

  it('cannot lock agents that ask each other at the same time', async () => {
    const both = {
      a: [ASK('What do you think?'), COPY, ...FINISH],
      b: [ASK('And what do you think?'), COPY, ...FINISH],
    };
    const events = await agents({ scripts: both });
    expect(results(events)).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', data: { outcome: 'answered' } });
  });

  it('is asked once, however it is written', async () => {
    const events = await agents({ scripts: { ...scripts, a: [ASK('Is it 42?'), ASK('is it  42'), ...FINISH] } });
    expect(ofType(events, 'question.asked')).toHaveLength(1);
    expect(results(events)[1]).toMatchObject({ status: 'remembered', responses: [{ answer: 'I think 42.' }] });
  });

  it('is refused beyond the number of questions that an agent may ask', async () => {
    const events = await agents({
      scripts: { ...scripts, a: [ASK('One?'), ASK('Two?'), ...FINISH] },
      settings: { maxBroadcastsPerAgent: 1 },
    });
    expect(ofType(events, 'question.asked')).toHaveLength(1);
    expect(results(events)[1]).toContain('You have asked all the 1 questions that you may.');
  });

  it('ends with its time, and what the copy had used by then is paid for', async () => {
    const slow: Turn = { ...COPY, text: 'x'.repeat(100), chunk: 1, chunk_ms: 100 };
    const events = await agents({
      scripts: { ...scripts, b: [slow, ...FINISH] } as Record<string, Turn[]>,
      settings: { broadcastTimeoutMs: 1_000 },
    });
    expect(results(events)).toMatchObject([{ status: 'timed-out' }]);
    expect(ofType(events, 'question.answered').map(({ data }) => [data.outcome, data.costUsd])).toEqual([
      ['timed-out', 0.5],
    ]);
  });

  it('is declined with the reason when the copy fails', async () => {
    const broken: Turn = { when: 'reply', fail: { kind: 'auth', message: 'No such key.' }, repeat: true };
    const events = await agents({ scripts: { ...scripts, b: [broken, ...FINISH] } as Record<string, Turn[]> });
    expect(JSON.stringify(results(events))).toContain('No such key.');
  });

  it('that is not waited for is answered at a later safe point of the same turn', async () => {
    const a = [
      ASK('Is it 42?', { wait: false }),
      { when: 'draft', text: '', tool_calls: [{ name: 'calculator', args: {} }], delay_ms: 5_000 },
      ...FINISH,
    ];
    const events = await agents({ scripts: { ...scripts, a } as Record<string, Turn[]> });
    const asker = aliasOf(events, 'a');
    expect(results(events)).toMatchObject([{ status: 'asked' }]);
    const texts = ofType(events, 'context.added')
      .filter(({ agent }) => agent === asker)
      .flatMap(({ data }) => data.messages.map(({ text }) => text));
    expect(texts.filter((text) => text.includes('You asked a question and went on.'))).toHaveLength(1);
  });

  it('is not open any more when the run is cancelled, and nothing follows the end', async () => {
    const hanging: Turn = { when: 'reply', hang: true, repeat: true };
    const events = await agents({
      scripts: { ...scripts, b: [hanging, ...FINISH] } as Record<string, Turn[]>,
      onStart: (handle) =>
        void handle.subscribe((event) => {
          if (event.type === 'question.asked') handle.send({ type: 'cancel', by: 'user' });
        }),
    });
    expect(ofType(events, 'question.answered').map(({ data }) => data.outcome)).toEqual(['declined']);
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', data: { outcome: 'cancelled' } });
  });

  it('is not possible where the config does not allow it', async () => {
    const events = await runScripted({ scripts });
    expect(ofType(events, 'tool.finished').map(({ data }) => data.output)).toEqual([
      'There is no tool called ask_others.',
    ]);
  });
});

describe('a question to the user', () => {
  const OPTIONS = {
    options: [
      { label: 'red', description: '' },
      { label: 'blue', description: '' },
    ],
    multiple: true,
  };
  const scripts = {
    a: [
      {
        ...ASK('Which colour?'),
        tool_calls: [{ name: 'ask_others', args: { question: 'Which colour?', ...OPTIONS } }],
      },
      ...FINISH,
    ],
    b: FINISH,
  } as Record<string, Turn[]>;
  const human = (options: ScriptedRunOptions): Promise<RunEvent[]> =>
    runScripted({ ...options, settings: { broadcast: 'human', ...options.settings } });

  it('is declined at once where nobody is there', async () => {
    const events = await human({ scripts });
    expect(results(events)).toMatchObject([
      { status: 'declined', responses: [{ from: 'user', reason: NOBODY_THERE }] },
    ]);
  });

  it('brings back the choices and words of the user, also to another agent that asks the same', async () => {
    const events = await human({
      scripts: { ...scripts, b: [ASK('which colour'), ...FINISH] },
      isAttended: true,
      onStart: (handle) =>
        void handle.subscribe((event) => {
          if (event.type === 'question.asked')
            handle.send({ type: 'reply', question: 'question-1', choices: ['red', 'blue'], text: 'in stripes' });
        }),
    });
    expect(ofType(events, 'question.asked')).toHaveLength(1);
    const heard = { responses: [{ from: 'user', answer: 'red, blue; in stripes' }] };
    expect(results(events)).toMatchObject([heard, heard]);
  });

  it('is not asked again when an earlier run of the session knows the answer', async () => {
    const events = await human({
      scripts,
      isAttended: true,
      past: {
        history: [
          {
            question: 'Before?',
            answer: 'Yes.',
            outcome: 'answered',
            asked: [{ text: 'Which colour?', answer: 'green' }],
          },
        ],
      },
    });
    expect(ofType(events, 'question.asked')).toEqual([]);
    expect(results(events)).toMatchObject([{ status: 'remembered', responses: [{ from: 'user', answer: 'green' }] }]);
  });
});
