import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/events/json.ts';
import { NO_USAGE } from '../../../src/events/usage.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createPacedClock } from '../../../src/platform/paced-clock.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { cut } from '../../../src/providers/scripted/play.ts';
import { createScriptedProvider } from '../../../src/providers/scripted/provider.ts';
import { answer, backendOf, collect, createNotingClock, endOf, judging, requestOf, TEAM_TOOLS } from './requests.ts';

const scripted = (script: JsonValue, clock = createNotingClock()): Promise<Provider> =>
  createScriptedProvider(backendOf({ options: { script } }), { clock });

const oneTurn = (turn: JsonObject, clock = createNotingClock()): Promise<Provider> =>
  scripted({ turns: [turn] }, clock);

describe('a turn of a script', () => {
  it('streams reasoning, then text, then calls, and ends with all of it', async () => {
    const provider = await oneTurn({
      reasoning: 'Hm, let me see.',
      text: 'I compute.',
      tool_calls: [{ name: 'calculator', args: { expression: '6*7' } }],
      chunk: 8,
    });
    const call = {
      id: 'call-1-1',
      name: 'calculator',
      args: { expression: '6*7' },
      rawArgs: '{"expression":"6*7"}',
    };
    expect(await collect(provider, requestOf())).toEqual([
      { type: 'reasoning', text: 'Hm, let ' },
      { type: 'reasoning', text: 'me see.' },
      { type: 'text', text: 'I comput' },
      { type: 'text', text: 'e.' },
      { type: 'tool-call', call },
      {
        type: 'finished',
        message: { role: 'assistant', reasoning: 'Hm, let me see.', text: 'I compute.', calls: [call] },
        stopReason: 'tool-calls',
        usage: { ...NO_USAGE, input: 3, output: 12, reasoning: 4 },
      },
    ]);
  });

  it('ends without calls by itself', async () => {
    expect(await endOf(await oneTurn({ text: 'Done.' }), requestOf())).toMatchObject({ stopReason: 'end' });
  });

  it('can say nothing at all', async () => {
    expect(await collect(await oneTurn({}), requestOf())).toEqual([
      {
        type: 'finished',
        message: { role: 'assistant', text: '', calls: [] },
        stopReason: 'end',
        usage: { ...NO_USAGE, input: 3 },
      },
    ]);
  });

  it('waits as the script says, and not at all where it says nothing', async () => {
    const clock = createNotingClock();
    await collect(await oneTurn({ text: '12345678', chunk: 4, chunk_ms: 5, delay_ms: 100 }, clock), requestOf());
    expect(clock.sleeps).toEqual([100, 5, 5]);
    await collect(await oneTurn({ text: '12345678', chunk: 4 }, clock), requestOf());
    expect(clock.sleeps).toEqual([100, 5, 5]);
  });

  it('takes the pace of the script where it has none of its own', async () => {
    const clock = createNotingClock();
    const script = {
      chunk: 2,
      chunk_ms: 7,
      delay_ms: 9,
      turns: [{ text: '1234' }, { text: '1234', delay_ms: 0, chunk: 4 }],
    };
    const provider = await scripted(script, clock);
    await collect(provider, requestOf());
    expect(clock.sleeps).toEqual([9, 7, 7]);
    await collect(provider, requestOf());
    expect(clock.sleeps).toEqual([9, 7, 7, 7]);
  });

  it('hands in an answer', async () => {
    const end = await endOf(await oneTurn({ answer: 'It is 42.' }), requestOf({ tools: TEAM_TOOLS }));
    expect(end).toMatchObject({ message: { calls: [{ name: 'new_answer', args: { content: 'It is 42.' } }] } });
  });

  it('sends arguments that are no JSON object as they are', async () => {
    const calls = [
      { id: 'x', name: 'a', raw_args: '{"half":' },
      { id: 'y', name: 'b', raw_args: '[1]' },
      { id: 'z', name: 'c', raw_args: '{ "fine": 1 }' },
    ];
    const end = await endOf(await oneTurn({ tool_calls: calls }), requestOf());
    expect(end).toMatchObject({
      message: {
        calls: [
          { id: 'x', name: 'a', args: null, rawArgs: '{"half":' },
          { id: 'y', name: 'b', args: null, rawArgs: '[1]' },
          { id: 'z', name: 'c', args: { fine: 1 }, rawArgs: '{ "fine": 1 }' },
        ],
      },
    });
  });

  it('gives calls of later replies in a conversation other ids', async () => {
    const provider = await oneTurn({ repeat: true, tool_calls: [{ name: 'a' }, { name: 'b' }] });
    const short = await endOf(provider, requestOf());
    const long = await endOf(provider, requestOf({ messages: [...judging([]), ...judging([])] }));
    const ids = [short, long].flatMap((end) => (end.type === 'finished' ? end.message.calls.map((c) => c.id) : []));
    expect(new Set(ids).size).toBe(4);
  });

  it('passes refusals, built-in tools, native items and the stop reason on', async () => {
    const native = { protocol: 'messages', items: [{ type: 'thinking', signature: 'abc' }] };
    const provider = await scripted({
      turns: [
        { refusal: 'I will not.' },
        {
          builtin_tools: [{ name: 'web_search', detail: 'weather' }, { name: 'code' }],
          builtin_results: [{ name: 'code', output: '42' }],
          citations: [{ url: 'https://example.org', title: 'Example' }],
          files: [{ name: 'a.txt', media_type: 'text/plain', text: 'a' }],
          text: 'Cut o',
          stop_reason: 'max-tokens',
          native,
        },
      ],
    });
    expect(await collect(provider, requestOf())).toEqual([
      { type: 'refusal', text: 'I will not.' },
      {
        type: 'finished',
        message: { role: 'assistant', text: 'I will not.', calls: [] },
        stopReason: 'refusal',
        usage: { ...NO_USAGE, input: 3, output: 3 },
      },
    ]);
    expect(await collect(provider, requestOf())).toEqual([
      { type: 'text', text: 'Cut o' },
      { type: 'builtin-tool', name: 'web_search', detail: 'weather' },
      { type: 'builtin-tool', name: 'code', detail: '' },
      { type: 'builtin-result', name: 'code', output: '42', isError: false },
      { type: 'citation', url: 'https://example.org', title: 'Example' },
      { type: 'file', name: 'a.txt', id: null, mediaType: 'text/plain', base64: 'YQ==' },
      {
        type: 'finished',
        message: { role: 'assistant', text: 'Cut o', calls: [], native },
        stopReason: 'max-tokens',
        usage: { ...NO_USAGE, input: 3, output: 2 },
      },
    ]);
  });
});

describe('usage and cost of a turn', () => {
  it('are those of the script where it has them', async () => {
    const provider = await oneTurn({
      text: '12345678',
      usage: { input: 1000, cached_input: 800, cache_write: 7 },
      cost_usd: 0.25,
    });
    const end = await endOf(provider, requestOf());
    expect(end.usage).toEqual({ input: 1000, output: 2, cachedInput: 800, cacheWrite: 7, reasoning: 0 });
    expect(provider.costUsd(end.usage)).toBe(0.25);
  });

  it('are free without a price, and unknown when the script says null', async () => {
    const provider = await scripted({ turns: [{ text: 'a' }, { text: 'b', cost_usd: null }] });
    expect(provider.costUsd((await endOf(provider, requestOf())).usage)).toBe(0);
    expect(provider.costUsd((await endOf(provider, requestOf())).usage)).toBeNull();
    expect(provider.costUsd({ ...NO_USAGE, input: 5 })).toBe(0);
  });
});

describe('votes in a script', () => {
  const answers = [answer('agent3.1'), answer('agent2.1'), answer('agent1.2')];
  const vote = async (word: JsonValue, system?: string): Promise<JsonValue | undefined> => {
    const end = await endOf(
      await oneTurn({ vote: word }),
      requestOf({ tools: TEAM_TOOLS, messages: judging(answers, system) }),
    );
    return end.type === 'finished' ? (end.message.calls[0]?.args ?? null) : end.error.message;
  };

  it.each([
    ['first', 'agent3'],
    ['last', 'agent1'],
    ['self', 'agent2'],
    ['other', 'agent3'],
    [2, 'agent2'],
    ['agent1', 'agent1'],
    ['nobody', 'nobody'],
  ])('resolve %s', async (word, alias) => {
    expect(await vote(word)).toEqual({ agent_id: alias, reason: 'As the script says.' });
  });

  it('carry a reason and a ranking', async () => {
    expect(await vote({ for: 'last', reason: 'Clearer.', ranking: ['last', 'first', 'self'] })).toEqual({
      agent_id: 'agent1',
      reason: 'Clearer.',
      ranking: ['agent1', 'agent3', 'agent2'],
    });
  });

  it('fail with the place in the script when nothing fits', async () => {
    expect(await vote(4)).toBe('The script of the agent, turn 1: it votes for "4", but the call shows 3 answers.');
    expect(await vote('self', 'Work well.')).toBe(
      'The script of the agent, turn 1: it votes for "self", but the call shows 3 answers and no alias of its own.',
    );
  });
});

describe('the choice of a turn', () => {
  const say = async (provider: Provider, request = requestOf()): Promise<string> => {
    const end = await endOf(provider, request);
    return end.type === 'finished' ? end.message.text : `${end.error.kind}: ${end.error.message}`;
  };

  it('goes through the turns one after the other and fails after the last', async () => {
    const provider = await scripted({ turns: [{ text: 'one' }, { text: 'two' }] });
    expect([await say(provider), await say(provider), await say(provider)]).toEqual([
      'one',
      'two',
      'bad-request: The script of the agent has no turn left for call 3, a solo call. Add one, or "repeat: true".',
    ]);
  });

  it('takes the first turn made for this kind of call', async () => {
    const provider = await scripted({
      turns: [{ when: 'judge', text: 'judged' }, { when: ['draft', 'solo'], text: 'drafted' }, { text: 'any' }],
    });
    expect(await say(provider)).toBe('drafted');
    expect(await say(provider, requestOf({ purpose: 'judge' }))).toBe('judged');
    expect(await say(provider, requestOf({ purpose: 'present' }))).toBe('any');
  });

  it('keeps a turn for the call that it names', async () => {
    const provider = await scripted({
      turns: [
        { request: 2, text: 'second' },
        { repeat: true, text: 'other' },
      ],
    });
    expect([await say(provider), await say(provider), await say(provider)]).toEqual(['other', 'second', 'other']);
  });

  it('is made per agent', async () => {
    const script = { turns: [{ text: 'one' }] };
    expect([await say(await scripted(script)), await say(await scripted(script))]).toEqual(['one', 'one']);
  });
});

describe('faults in a script', () => {
  it('fail at once with everything the error says', async () => {
    const provider = await oneTurn({
      text: 'never seen',
      fail: { kind: 'rate-limit', message: 'Slow down.', status: 429, retry_after_ms: 1500 },
      cost_usd: 0.5,
    });
    const events = await collect(provider, requestOf());
    expect(events).toEqual([
      {
        type: 'failed',
        error: { kind: 'rate-limit', message: 'Slow down.', status: 429, retryAfterMs: 1500 },
        usage: { ...NO_USAGE, input: 3 },
      },
    ]);
  });

  it('fail after all or some of the text', async () => {
    const turn = (after: JsonValue) => ({ text: 'half a sentence', fail: { kind: 'network', after_text: after } });
    const provider = await scripted({ turns: [turn(true), turn(4)] });
    const error = { kind: 'network', message: 'The script says that this call fails.' };
    expect(await collect(provider, requestOf())).toEqual([
      { type: 'text', text: 'half a sentence' },
      { type: 'failed', error, usage: { ...NO_USAGE, input: 3, output: 4 } },
    ]);
    expect(await collect(provider, requestOf())).toEqual([
      { type: 'text', text: 'half' },
      { type: 'failed', error, usage: { ...NO_USAGE, input: 3, output: 1 } },
    ]);
  });

  it('hang until the call is stopped, without making the calls of the turn', async () => {
    const stop = new AbortController();
    const provider = await oneTurn({ text: 'Wait', hang: true, answer: 'never' });
    const events: unknown[] = [];
    for await (const event of provider.stream(requestOf({ signal: stop.signal }))) {
      events.push(event);
      setImmediate(() => stop.abort());
    }
    expect(events).toEqual([
      { type: 'text', text: 'Wait' },
      {
        type: 'failed',
        error: { kind: 'aborted', message: 'The call was stopped.' },
        usage: { ...NO_USAGE, input: 3, output: 1 },
      },
    ]);
  });

  it('hang in virtual time for a day at most, so that a paced run without a deadline ends', async () => {
    const clock = createPacedClock({ startAt: 0, speed: Infinity, real: createRealClock() });
    const provider = await createScriptedProvider(backendOf({ options: { script: { turns: [{ hang: true }] } } }), {
      clock,
    });
    expect(await endOf(provider, requestOf())).toMatchObject({ type: 'failed', error: { kind: 'network' } });
    expect(clock.now()).toBe(86_400_000);
  });

  it('stop in the middle of the text when the call is stopped', async () => {
    const stop = new AbortController();
    const provider = await oneTurn({ text: '12345678', chunk: 4 });
    const types: string[] = [];
    for await (const event of provider.stream(requestOf({ signal: stop.signal }))) {
      types.push(event.type);
      stop.abort();
    }
    expect(types).toEqual(['text', 'failed']);
  });

  it('do not begin when the call is stopped already', async () => {
    const events = await collect(await oneTurn({ text: 'Hi' }), requestOf({ signal: AbortSignal.abort() }));
    expect(events.map((event) => event.type)).toEqual(['failed']);
  });
});

describe('scripts in files', () => {
  let dir = '';
  beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'script-'))));
  afterAll(() => rm(dir, { recursive: true }));

  const load = async (name: string, text: string): Promise<Provider> => {
    await writeFile(join(dir, name), text);
    return scripted(join(dir, name));
  };

  it('are read from YAML', async () => {
    const provider = await load('a.yaml', '# a comment\nturns:\n  - text: |\n      two\n      lines\n');
    expect(await endOf(provider, requestOf())).toMatchObject({ message: { text: 'two\nlines\n' } });
  });

  it('are read from JSON', async () => {
    const provider = await load('a.json', '{"turns": [{"text": "hi"}]}');
    expect(await endOf(provider, requestOf())).toMatchObject({ message: { text: 'hi' } });
  });

  it('are named when a call fails', async () => {
    const end = await endOf(await load('b.yaml', 'turns: [{vote: first}]'), requestOf());
    expect(end).toMatchObject({
      error: {
        message: `The script ${join(dir, 'b.yaml')}, turn 1: it votes for "first", but the call shows 0 answers and no alias of its own.`,
      },
    });
  });

  it('are named when they are missing', async () => {
    await expect(scripted(join(dir, 'none.yaml'))).rejects.toMatchObject({
      code: 'script',
      message: `The script ${join(dir, 'none.yaml')} does not exist. Check the path in the agent's options.`,
    });
  });

  it('are named when they are no YAML', async () => {
    await expect(load('c.yaml', 'turns: [')).rejects.toMatchObject({
      code: 'script',
      message: expect.stringContaining(`${join(dir, 'c.yaml')} is no valid YAML: `) as string,
    });
  });
});

describe('scripts that are not valid', () => {
  it.each<[string, JsonValue, string]>([
    ['a misspelt key', { turns: [{ text: 'ok' }, { txt: 'oops' }] }, 'turn 2: Unrecognized key: "txt"'],
    ['a wrong fault', { turns: [{ fail: { kind: 'tired' } }] }, 'turn 1, fail.kind: '],
    ['a wrong kind', { turns: [{ when: 'dinner' }] }, 'turn 1, when: '],
    ['a negative wait', { turns: [], delay_ms: -1 }, 'delay_ms: '],
    ['no turns', {}, 'turns: '],
    ['no object', 7, 'expected object'],
  ])('are refused for %s, with its place', async (_, script, place) => {
    await expect(scripted(script)).rejects.toMatchObject({
      name: 'MassgenError',
      message: expect.stringContaining(place) as string,
    });
  });

  it('are refused when there is none', async () => {
    await expect(createScriptedProvider(backendOf(), { clock: createNotingClock() })).rejects.toMatchObject({
      message: 'A scripted agent has no script. Set "script" in its options to a file or a list of turns.',
    });
  });
});

describe('cut', () => {
  it('loses nothing and never tears a character apart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 9 }), (text, size) => {
        const pieces = cut(text, size);
        expect(pieces.join('')).toBe(text);
        expect(pieces.every((piece) => piece.isWellFormed() && piece.length > 0 && piece.length <= size + 1)).toBe(
          true,
        );
      }),
    );
  });
});
