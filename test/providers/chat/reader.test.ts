import { describe, expect, test } from 'vitest';
import { createChatReader } from '../../../src/providers/chat/reader.ts';
import type { Reply, StreamedEvent } from '../../../src/providers/wire/model-call.ts';
import { createCallIds } from '../../../src/providers/wire/tool-call.ts';

const LOG = { refusal: null, streamError: null, isDone: true, isCut: false };

function read(chunks: unknown[]): { events: StreamedEvent[]; reply: Reply; usage: unknown; isComplete: boolean } {
  const reader = createChatReader(createCallIds([]));
  const events = chunks.flatMap((chunk) => reader.read(chunk));
  const isComplete = reader.isComplete({ ...LOG, isDone: false });
  return { events, reply: reader.finish(), usage: reader.usage(), isComplete };
}
const delta = (value: object, finish_reason: string | null = null): object => ({
  choices: [{ index: 0, delta: value, finish_reason }],
});
const calls = (...fragments: object[]): object => delta({ tool_calls: fragments });

describe('calls of servers that count differently', () => {
  test('are told apart by id when all have the same index', () => {
    const { reply } = read([
      calls({ index: 0, id: 'a', function: { name: 'one', arguments: '{"x":1}' } }),
      calls({ index: 0, id: 'b', function: { name: 'two', arguments: '{}' } }),
    ]);
    expect(reply.message.calls.map((c) => [c.id, c.name, c.args])).toEqual([
      ['a', 'one', { x: 1 }],
      ['b', 'two', {}],
    ]);
  });

  test('go on with the last one when there is no index', () => {
    const { reply } = read([
      calls({ id: 'a', function: { name: 'one', arguments: '{"x"' } }),
      calls({ function: { arguments: ':1}' } }),
    ]);
    expect(reply.message.calls).toMatchObject([{ id: 'a', name: 'one', args: { x: 1 } }]);
  });

  test('are told apart by name when there is neither index nor id', () => {
    const whole = (name: string, args: string): object => ({ function: { name, arguments: args } });
    const { reply } = read([
      calls(whole('one', '{"x":1}'), whole('two', '{}')),
      calls(whole('two', '{"y":2}')),
      calls(whole('two', '')),
    ]);
    expect(reply.message.calls.map((c) => [c.name, c.args])).toEqual([
      ['one', { x: 1 }],
      ['two', {}],
      ['two', { y: 2 }],
    ]);
  });

  test('stay one call where every fragment has an id of its own', () => {
    const { reply } = read([
      calls({ index: 0, id: 'a', function: { name: 'one', arguments: '{"x"' } }),
      calls({ index: 0, id: 'b', function: { arguments: ':1}' } }),
    ]);
    expect(reply.message.calls).toMatchObject([{ id: 'a', name: 'one', args: { x: 1 } }]);
  });

  test('stay one call where every fragment repeats the name', () => {
    const { reply } = read([
      calls({ index: 0, id: 'a', function: { name: 'one', arguments: '{"x"' } }),
      calls({ index: 0, function: { name: 'one', arguments: ':1}' } }),
    ]);
    expect(reply.message.calls).toMatchObject([{ id: 'a', args: { x: 1 } }]);
  });

  test('have a name that comes in pieces', () => {
    const { reply } = read([
      calls({ index: 0, id: 'a', function: { name: 'get_', arguments: '' } }),
      calls({ index: 0, function: { name: 'one' } }),
      calls({ index: 0, function: { arguments: '{"x":1}' } }),
    ]);
    expect(reply.message.calls).toMatchObject([{ id: 'a', name: 'get_one', args: { x: 1 } }]);
  });

  test('are told apart by index where all have one id', () => {
    const { reply } = read([
      calls({ index: 0, id: 'a', function: { name: 'one', arguments: '{"x":1}' } }),
      calls({ index: 1, id: 'a', function: { name: 'one', arguments: '{"x":2}' } }),
      calls({ index: 2, id: 'a', function: { name: 'two', arguments: '{}' } }),
    ]);
    expect(reply.message.calls.map((c) => [c.id, c.name, c.args])).toEqual([
      ['a', 'one', { x: 1 }],
      ['a_2', 'one', { x: 2 }],
      ['a_3', 'two', {}],
    ]);
  });

  test.each([
    ['are told once more at the end', ['{"x"', ':1}', '{"x":1}']],
    ['begin as an empty object', ['{}', '{"x"', ':1}']],
  ])('have arguments that %s', (_name, pieces) => {
    const [first = '', ...rest] = pieces;
    const { reply } = read([
      calls({ index: 0, id: 'a', function: { name: 'one', arguments: first } }),
      ...rest.map((piece) => calls({ index: 0, function: { arguments: piece } })),
    ]);
    expect(reply.message.calls).toMatchObject([{ args: { x: 1 }, rawArgs: '{"x":1}' }]);
  });

  test('of a custom tool hold text, whatever it looks like', () => {
    const { reply } = read([
      calls({ index: 0, id: 'a', type: 'custom', custom: { name: 'sql', input: '{"a"' } }),
      calls({ index: 0, custom: { input: ':1}' } }),
    ]);
    expect(reply.message.calls).toEqual([{ id: 'a', name: 'sql', args: null, rawArgs: '{"a":1}', isFreeForm: true }]);
  });

  test('are put together by index when they are streamed in turns', () => {
    const { reply } = read([
      calls(
        { index: 0, id: 'a', function: { name: 'one', arguments: '{"x"' } },
        { index: 1, id: 'b', function: { name: 'two', arguments: '{"y"' } },
      ),
      calls(
        { index: 0, function: { arguments: ':1}' } },
        { index: 1, id: 'b', function: { name: 'two', arguments: ':2}' } },
      ),
    ]);
    expect(reply.message.calls.map((c) => c.args)).toEqual([{ x: 1 }, { y: 2 }]);
  });

  test('may have their arguments as an object, or in the oldest form', () => {
    expect(read([calls({ function: { name: 'one', arguments: { x: 1 } } })]).reply.message.calls).toMatchObject([
      { id: 'call_1', args: { x: 1 } },
    ]);
    const legacy = [
      delta({ function_call: { name: 'one', arguments: '' } }),
      delta({ function_call: { arguments: '{"x":1}' } }, 'function_call'),
    ];
    expect(read(legacy).reply).toMatchObject({
      message: { calls: [{ name: 'one', args: { x: 1 } }] },
      stopReason: 'tool-calls',
    });
  });
});

describe('reasoning', () => {
  test('is read once where two fields hold it, and signed details are joined', () => {
    const detail = (text: string, more: object = {}): object => ({ type: 'reasoning.text', index: 0, text, ...more });
    const { events, reply } = read([
      delta({ reasoning: 'a', reasoning_details: [detail('a')] }),
      delta({ reasoning: 'b', reasoning_details: [detail('b')] }),
      delta({ reasoning_details: [detail('', { signature: 's' })] }, 'stop'),
    ]);
    expect(events).toEqual([
      { type: 'reasoning', text: 'a' },
      { type: 'reasoning', text: 'b' },
    ]);
    expect(reply.message.native?.items).toEqual([{ reasoning_details: [detail('ab', { signature: 's' })] }]);
  });

  test.each([
    { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] },
  ])('may stand among the parts of the content, as %j', (thought) => {
    const content = [thought, { type: 'text', text: 'Hi' }];
    expect(read([delta({ content })]).events).toEqual([
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: 'Hi' },
    ]);
  });
});

describe('sources', () => {
  test('are told once, with their titles where the server has some', () => {
    const sources = { citations: ['https://a.example'], search_results: [{ url: 'https://a.example', title: 'A' }] };
    const { events } = read([
      { ...delta({ content: 'Hi' }), ...sources },
      { ...delta({}, 'stop'), ...sources },
    ]);
    expect(events).toEqual([
      { type: 'text', text: 'Hi' },
      { type: 'citation', url: 'https://a.example', title: 'A' },
    ]);
  });
});

describe('tools of vendors', () => {
  test('at Groq are told of once, with what came of them', () => {
    const begun = { index: 0, type: 'search', arguments: '{"query":"x"}' };
    const found = { results: [{ title: 'A', url: 'https://a.example', content: '…', score: 1 }] };
    const { events } = read([
      delta({ executed_tools: [begun] }),
      delta({ executed_tools: [{ ...begun, output: 'Title: A', search_results: found }] }),
      delta({ executed_tools: [{ index: 1, type: 'python', arguments: '1+1', output: '2' }] }),
      delta({ executed_tools: [{ index: 2, type: 'constructor', arguments: '' }] }),
      delta({ content: 'Hi' }, 'stop'),
    ]);
    expect(events).toEqual([
      { type: 'builtin-tool', name: 'web_search', detail: '{"query":"x"}' },
      { type: 'builtin-result', name: 'web_search', output: 'A https://a.example', isError: false },
      { type: 'builtin-tool', name: 'code_execution', detail: '1+1' },
      { type: 'builtin-result', name: 'code_execution', output: '2', isError: false },
      { type: 'builtin-tool', name: 'constructor', detail: '' },
      { type: 'text', text: 'Hi' },
    ]);
  });

  test('at Z.ai leave the pages that were found', () => {
    const page = { title: 'A', link: 'https://a.example', refer: 'ref_1' };
    const { events } = read([{ ...delta({ content: 'Hi' }, 'stop'), web_search: [page] }]);
    expect(events.slice(1)).toEqual([
      { type: 'builtin-tool', name: 'web_search', detail: '' },
      { type: 'builtin-result', name: 'web_search', output: '', isError: false },
      { type: 'citation', url: 'https://a.example', title: 'A' },
    ]);
  });
});

test('a reply may stand in two choices of one number', () => {
  const { reply } = read([
    {
      choices: [
        { message: { content: 'Look' }, finish_reason: 'length' },
        { message: { tool_calls: [{ id: 'a', function: { name: 'one', arguments: '{}' } }] } },
      ],
    },
  ]);
  expect(reply).toMatchObject({
    message: { text: 'Look', calls: [{ id: 'a', name: 'one', args: {} }] },
    stopReason: 'max-tokens',
  });
});

test('what is repeated whole at the end is said once', () => {
  const whole = { choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hi you' } }] };
  expect(read([delta({ content: 'Hi ' }), delta({ content: 'you' }), whole]).reply.message.text).toBe('Hi you');
  expect(read([whole]).reply.message.text).toBe('Hi you');
});

test('what a model says aloud is its text', () => {
  const { events } = read([delta({ audio: { id: 'x', transcript: 'Hi' } }), delta({ audio: { data: 'UklGRg==' } })]);
  expect(events).toEqual([{ type: 'text', text: 'Hi' }]);
});

test('a picture comes as a file, or by its address', () => {
  const image = (url: string, index: number): object => ({ type: 'image_url', index, image_url: { url } });
  const images = [image('data:image/png;base64,AA==', 0), image('https://a.example/b.png', 1)];
  expect(read([delta({ images })]).events).toEqual([
    { type: 'file', name: 'image 1', id: null, mediaType: 'image/png', base64: 'AA==' },
    { type: 'file', name: 'image 2', id: 'https://a.example/b.png', mediaType: null },
  ]);
});

test.each([
  [1008, 'insufficient balance', { kind: 'quota', message: 'insufficient balance' }],
  [0, 'success', null],
])("MiniMax's status %d is told as it is meant", (status_code, status_msg, failure) => {
  const reader = createChatReader(createCallIds([]));
  reader.read({ choices: null, base_resp: { status_code, status_msg } });
  expect(reader.failure()).toEqual(failure);
});

test('an error in a choice is the failure, in its own words', () => {
  const reader = createChatReader(createCallIds([]));
  reader.read({ choices: [{ index: 0, delta: {}, finish_reason: 'error', error: { code: 502, message: 'Gone' } }] });
  expect(reader.failure()).toEqual({ kind: 'overloaded', message: 'Gone', status: 502 });
});

describe('the end', () => {
  test('is there once usage came alone, where a server gives no reason to stop', () => {
    const counts = { prompt_tokens: 3, completion_tokens: 2 };
    expect(read([delta({ content: 'x' }), { choices: [], usage: counts }])).toMatchObject({
      isComplete: true,
      reply: { stopReason: 'end' },
    });
    // Running totals and what some servers say of the prompt beforehand are no end.
    expect(read([{ ...delta({ content: 'x' }), usage: counts }]).isComplete).toBe(false);
    expect(read([{ choices: [], usage: { prompt_tokens: 3, completion_tokens: 0 } }]).isComplete).toBe(false);
  });

  test.each([
    ['stop', 'end'],
    ['eos', 'end'],
    ['length', 'max-tokens'],
    ['content_filter', 'content-filter'],
    ['something_new', 'other'],
  ])('%s means %s', (word, stopReason) => {
    expect(read([delta({}, word)])).toMatchObject({ isComplete: true, reply: { stopReason } });
  });

  test('is not there without a finish reason, unless the server says that it is done', () => {
    const reader = createChatReader(createCallIds([]));
    reader.read(delta({ content: 'x' }, ''));
    expect(reader.isComplete({ ...LOG, isDone: false })).toBe(false);
    expect(reader.isComplete(LOG)).toBe(true);
    expect(reader.finish().stopReason).toBe('end');
  });

  test('is not there where the reason is the word for none', () => {
    expect(read([delta({ content: 'x' }, 'null')]).isComplete).toBe(false);
  });

  test('is a refusal where the model refused', () => {
    const { events, reply } = read([delta({ refusal: 'No.' }, 'stop')]);
    expect(events).toEqual([{ type: 'refusal', text: 'No.' }]);
    expect(reply).toMatchObject({ stopReason: 'refusal', message: { text: 'No.' } });
  });
});

describe('usage', () => {
  test.each<[string, object, object]>([
    [
      'counts reasoning beside the completion where the total says so',
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 45,
        completion_tokens_details: { reasoning_tokens: 30 },
      },
      { input: 10, output: 35, cachedInput: 0, cacheWrite: 0, reasoning: 30 },
    ],
    [
      'reads the cache hits of DeepSeek',
      { prompt_tokens: 10, completion_tokens: 5, prompt_cache_hit_tokens: 4 },
      { input: 10, output: 5, cachedInput: 4, cacheWrite: 0, reasoning: 0 },
    ],
    [
      'takes no nonsense',
      { prompt_tokens: -1, completion_tokens: 'many' },
      { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 },
    ],
  ])('%s', (_name, usage, expected) => {
    expect(read([{ choices: [], usage }]).usage).toEqual(expected);
  });
});

test('an empty count takes back nothing', () => {
  const { usage } = read([
    { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } },
    { choices: [], usage: {} },
  ]);
  expect(usage).toMatchObject({ input: 3, output: 2 });
});

describe('a stream without a reason to stop', () => {
  const usage = { prompt_tokens: 3, completion_tokens: 2 };
  const text = { choices: [{ delta: { content: 'Hi' } }], usage };

  test('is whole once the tokens are counted beside an empty piece', () => {
    const last = { choices: [{ delta: { role: 'assistant', content: '' } }], usage };
    expect(read([text, last]).isComplete).toBe(true);
  });

  test('is whole once they are counted, where no piece before had a count', () => {
    const uncounted = { choices: [{ delta: { content: 'Hi' } }], usage: {} };
    expect(read([uncounted, text]).isComplete).toBe(true);
    expect(read([uncounted, text, uncounted]).isComplete).toBe(false);
  });

  test('is not while they are counted beside every piece', () => {
    expect([read([text]).isComplete, read([text, text]).isComplete]).toEqual([false, false]);
  });
});
