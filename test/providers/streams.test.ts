import { afterEach, describe, expect, test } from 'vitest';
import type { Protocol } from '../../src/config/team.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createProvider } from '../../src/providers/create.ts';
import type { ModelEvent, Provider, SentEnd, SentUsage } from '../../src/providers/provider.ts';
import { joinText } from '../../src/providers/wire/join-text.ts';
import {
  errorAnswer,
  inPieces,
  startLoopback,
  type Answer,
  type Handler,
  type Loopback,
} from '../support/loopback-server.ts';
import { replyStream, type WireProtocol, type WireReply } from '../support/wire-replies.ts';
import { collect, testBackend, testRequest } from './backend.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

const PROTOCOLS: WireProtocol[] = ['responses', 'chat', 'messages', 'gemini'];
const USAGE = { input: 100, output: 50, cached: 30, reasoning: 20 };

/** The same end in each vendor's words and counts. */
const SENT: Record<WireProtocol, SentEnd> = {
  responses: { stopReason: 'completed', usage: sent({ cacheWrite: null }) },
  chat: { stopReason: 'tool_calls', usage: sent({ cacheWrite: null }) },
  messages: { stopReason: 'tool_use', usage: sent({ input: 70, cacheWrite: 0 }) },
  gemini: { stopReason: 'STOP', usage: sent({ output: 30, cacheWrite: null }) },
};

function sent(part: Partial<SentUsage>): SentUsage {
  return { input: 100, output: 50, cached: 30, cacheWrite: 0, reasoning: 20, total: 150, ...part };
}

let server: Loopback | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function connect(
  protocol: Protocol,
  script: Handler | readonly (Answer | WireReply)[],
  part: Parameters<typeof testBackend>[0] = {},
  clock: ManualClock | null = null,
): Promise<Provider> {
  server = await startLoopback(script);
  const baseUrl = protocol === 'messages' || protocol === 'gemini' ? server.url : `${server.url}/v1`;
  return createProvider(testBackend({ protocol, baseUrl, ...part }), { clock: clock ?? createRealClock() });
}

/** What was told before the end. How much of a text comes at once is the network's affair. */
function told(events: ModelEvent[]): unknown {
  return joinText(events.flatMap((event) => (event.type === 'finished' || event.type === 'failed' ? [] : [event])));
}

function failure(events: ModelEvent[]): unknown {
  const end = events.at(-1);
  return end?.type === 'failed' ? end.error : end;
}

describe.each(PROTOCOLS)('%s', (protocol) => {
  test('streams reasoning, text and calls, then finishes once with the whole message', async () => {
    const reply: WireReply = {
      reasoning: ['Let me ', 'think.'],
      text: ['Grüße, ', '世界 👋'],
      calls: [
        { id: 'call_a', name: 'vote', args: { agent_id: 'agent1' } },
        { id: 'call_b', name: 'note', args: {} },
      ],
      usage: USAGE,
    };
    const events = await collect(await connect(protocol, [reply]));
    const calls = [
      { id: 'call_a', name: 'vote', args: { agent_id: 'agent1' }, rawArgs: '{"agent_id":"agent1"}' },
      { id: 'call_b', name: 'note', args: {}, rawArgs: '{}' },
    ];
    expect(told(events)).toEqual([
      { type: 'reasoning', text: 'Let me think.' },
      { type: 'text', text: 'Grüße, 世界 👋' },
      { type: 'tool-call', call: calls[0] },
      { type: 'tool-call', call: calls[1] },
    ]);
    expect(events.at(-1)).toEqual({
      type: 'finished',
      message: {
        role: 'assistant',
        reasoning: 'Let me think.',
        text: 'Grüße, 世界 👋',
        calls,
        native: { protocol, items: expect.any(Array) as unknown },
      },
      stopReason: 'tool-calls',
      usage: { input: 100, output: 50, cachedInput: 30, cacheWrite: 0, reasoning: 20 },
      sent: SENT[protocol],
    });
  });

  test('is not confused by writes of one byte, CRLF, comments and a byte order mark', async () => {
    const reply: WireReply = { text: ['Grüße, ', '世界'], calls: [{ name: 'vote', args: { a: 'é' } }], usage: USAGE };
    const plain = await collect(await connect(protocol, [reply]));
    await server?.close();
    const mangled = replyStream(protocol, reply).map((block) => `: keep-alive\n${block}`.replaceAll('\n', '\r\n'));
    const chunks = inPieces([`\u{feff}${mangled.join('')}`], 1);
    const events = await collect(await connect(protocol, [{ chunks }]));
    expect([told(events), events.at(-1)]).toEqual([told(plain), plain.at(-1)]);
  });

  test('says when the model ran out of tokens', async () => {
    const events = await collect(await connect(protocol, [{ text: 'half', isCut: true }]));
    expect(events.at(-1)).toMatchObject({ type: 'finished', stopReason: 'max-tokens', message: { text: 'half' } });
  });

  test('fails when the body ends before the terminal event', async () => {
    const chunks = replyStream(protocol, { text: ['one', 'two'] });
    const until = protocol === 'chat' ? -3 : -1;
    const events = await collect(await connect(protocol, [{ chunks: chunks.slice(0, until) }]));
    expect(told(events)).toEqual([{ type: 'text', text: 'onetwo' }]);
    expect(failure(events)).toEqual({
      kind: 'protocol',
      message: 'The stream ended before the model said that it was done.',
    });
  });

  test('fails when the body ends inside an event', async () => {
    const chunks = [replyStream(protocol, { text: 'whole' }).join('').slice(0, 60)];
    const events = await collect(await connect(protocol, [{ chunks }]));
    expect(failure(events)).toEqual({ kind: 'protocol', message: 'The stream ended in the middle of an event.' });
  });

  test('fails when the socket is cut', async () => {
    const chunks = replyStream(protocol, { text: 'x' }).slice(0, 1);
    const events = await collect(await connect(protocol, [{ chunks, end: 'cut' }]));
    expect(failure(events)).toMatchObject({
      kind: 'network',
      message: expect.stringContaining('the connection was cut') as unknown,
    });
  });

  test.each(['', 'data: [DONE]\n\n'])('fails when an event is no JSON, followed by %j', async (rest) => {
    const events = await collect(await connect(protocol, [{ chunks: [`data: {"broken\n\n${rest}`] }]));
    expect(failure(events)).toEqual({ kind: 'protocol', message: 'The stream held an event that is no JSON.' });
  });

  test('passes over events without data', async () => {
    const chunks = ['event: here\n\n', 'data\n\n', 'data:  \n\n', ...replyStream(protocol, { text: 'all of it' })];
    expect((await collect(await connect(protocol, [{ chunks }]))).at(-1)).toMatchObject({
      type: 'finished',
      message: { text: 'all of it' },
    });
  });

  test('takes nothing away from a reply that is complete when the socket breaks after it', async () => {
    const chunks = replyStream(protocol, { text: 'all of it' });
    const events = await collect(await connect(protocol, [{ chunks, end: 'cut' }]));
    expect(events.at(-1)).toMatchObject({ type: 'finished', message: { text: 'all of it' }, stopReason: 'end' });
  });

  test('fails after silence, and hangs up on the server', async () => {
    const clock = createManualClock();
    const provider = await connect(protocol, [hangingAnswer(protocol)], { idleTimeoutMs: 5_000 }, clock);
    const stream = provider.stream(testRequest())[Symbol.asyncIterator]();
    expect((await stream.next()).value).toEqual({ type: 'text', text: 'before' });
    // While the caller is busy with an event, silence does not count.
    clock.advance(60_000);
    const next = stream.next();
    clock.advance(4_999);
    expect(clock.pending).toBe(1);
    clock.advance(1);
    expect((await next).value).toMatchObject({
      error: { kind: 'network', message: 'The server sent nothing for 5 s.' },
    });
    expect((await stream.next()).done).toBe(true);
    expect(await server?.requests[0]?.ended).toBe('client-closed');
    expect(clock.pending).toBe(0);
  });

  test('fails after silence before the first byte', async () => {
    const clock = createManualClock();
    const never = new Promise(() => undefined);
    const provider = await connect(protocol, [{ chunks: [], before: never }], { idleTimeoutMs: 5_000 }, clock);
    const events = collect(provider);
    await server?.arrived(1);
    clock.advance(5_000);
    expect(failure(await events)).toEqual({ kind: 'network', message: 'The server sent nothing for 5 s.' });
  });

  test('says of a call that the model was at work on that it may cost more than was counted', async () => {
    const isCut = async (answer: Answer): Promise<unknown> => {
      const events = await collect(await connect(protocol, [answer]));
      await server?.close();
      const end = events.at(-1);
      return end?.type === 'failed' ? (end.isCut ?? false) : end;
    };
    const begun = replyStream(protocol, { text: 'x' }).slice(0, 1);
    expect(await isCut({ chunks: begun })).toBe(true);
    expect(await isCut(errorAnswer(429, {}))).toBe(false);
    expect(await isCut({ chunks: ['data: {"error":{"message":"No."}}\n\n'] })).toBe(false);
  });

  test('stops at once when it is aborted, and the server notices', async () => {
    const controller = new AbortController();
    const provider = await connect(protocol, [hangingAnswer(protocol)]);
    const events: ModelEvent[] = [];
    for await (const event of provider.stream(testRequest({ signal: controller.signal }))) {
      events.push(event);
      controller.abort();
    }
    expect(events[0]).toEqual({ type: 'text', text: 'before' });
    expect(failure(events)).toEqual({ kind: 'aborted', message: 'The model call was stopped.' });
    expect(events.at(-1)).toHaveProperty('isCut', true);
    expect(await server?.requests[0]?.ended).toBe('client-closed');
  });

  test('stops at once when it is aborted before the first byte', async () => {
    const controller = new AbortController();
    const provider = await connect(protocol, [{ chunks: [], before: new Promise(() => undefined) }]);
    const events = collect(provider, testRequest({ signal: controller.signal }));
    await server?.arrived(1);
    controller.abort();
    expect(await events).toMatchObject([{ type: 'failed', error: { kind: 'aborted' } }]);
    expect(await server?.requests[0]?.ended).toBe('client-closed');
  });

  test('asks nothing when it is aborted from the start', async () => {
    const provider = await connect(protocol, [{ text: 'x' }]);
    const events = await collect(provider, testRequest({ signal: AbortSignal.abort() }));
    expect(events).toMatchObject([{ type: 'failed', error: { kind: 'aborted' } }]);
    expect(events[0]).not.toHaveProperty('isCut');
    expect(server?.requests).toHaveLength(0);
  });

  test('lets go of the server when the caller stops reading', async () => {
    const provider = await connect(protocol, [hangingAnswer(protocol)]);
    for await (const event of provider.stream(testRequest())) if (event.type === 'text') break;
    expect(await server?.requests[0]?.ended).toBe('client-closed');
  });

  test('makes one request and hands the server’s wish to wait on', async () => {
    const refusal = errorAnswer(
      429,
      { error: { message: 'Slow down.', type: 'rate_limit_error' } },
      { 'retry-after': '7' },
    );
    const provider = await connect(protocol, [refusal]);
    expect(await collect(provider)).toMatchObject([
      { type: 'failed', error: { kind: 'rate-limit', status: 429, message: 'Slow down.', retryAfterMs: 7_000 } },
    ]);
    expect(server?.requests).toHaveLength(1);
  });

  test.each([
    [401, 'auth'],
    [402, 'quota'],
    [403, 'auth'],
    [404, 'bad-request'],
    [413, 'context-length'],
    [500, 'overloaded'],
    [503, 'overloaded'],
    [529, 'overloaded'],
  ])('takes status %i as %s', async (status, kind) => {
    const provider = await connect(protocol, [errorAnswer(status, { error: { message: 'No.' } })]);
    expect(await collect(provider)).toMatchObject([{ type: 'failed', error: { kind, status, message: 'No.' } }]);
  });

  test('shows no secret and no control character of the server’s words', async () => {
    const message = 'Bad key test-key-000000 \u001b[31m and sk-abcdefghijklmnopqrstuvwx and hush-hush-9';
    const provider = await connect(protocol, [errorAnswer(401, { error: { message } })], {
      headers: { 'X-Secret-Thing': 'hush-hush-9' },
    });
    expect(failure(await collect(provider))).toMatchObject({
      message: 'Bad key [secret] [31m and [secret] and [secret]',
    });
  });

  test('tells a web page from a model', async () => {
    const page: Answer = { headers: { 'content-type': 'text/html' }, chunks: ['<html>Welcome</html>'] };
    expect(failure(await collect(await connect(protocol, [page])))).toEqual({
      kind: 'bad-request',
      status: 200,
      message: 'The server answered with a web page instead of a model stream. Check base_url.',
    });
  });

  test('fails with the error that a server sends as JSON with status 200', async () => {
    const provider = await connect(protocol, [errorAnswer(200, { error: { message: 'Overloaded', code: 503 } })]);
    expect(await collect(provider)).toMatchObject([
      { type: 'failed', error: { kind: 'overloaded', message: 'Overloaded' } },
    ]);
  });

  test('fails with an error that follows what was sent, as a list', async () => {
    const error = { error: { message: 'Overloaded', code: 503 } };
    const headers = { 'content-type': 'application/json' };
    const provider = await connect(protocol, [{ headers, chunks: [JSON.stringify([{}, error])] }]);
    expect(failure(await collect(provider))).toEqual({ kind: 'overloaded', message: 'Overloaded', status: 503 });
  });

  test('says that nobody answers', async () => {
    const provider = await connect(protocol, [{ text: 'x' }]);
    await server?.close();
    expect(failure(await collect(provider))).toMatchObject({
      kind: 'network',
      message: expect.stringContaining('the connection was refused (ECONNREFUSED)') as unknown,
    });
  });

  test('survives events that hold anything at all', async () => {
    const junk = [null, 1, 'x', [], { type: 7 }, { choices: [5] }, { candidates: [{ content: { parts: [null, 3] } }] }];
    const chunks = junk.map((data) => `event: junk\ndata: ${JSON.stringify(data)}\n\n`);
    const events = await collect(
      await connect(protocol, [{ chunks: [...chunks, ...replyStream(protocol, { text: 'still here' })] }]),
    );
    const end = events.at(-1);
    expect(end?.type === 'finished' ? end.message.text : end).toBe('still here');
  });

  test('gives a call an id that is new in its conversation', async () => {
    const provider = await connect(protocol, [{ calls: [{ id: 'call_0', name: 'vote', args: {} }] }]);
    const call = { id: 'call_0', name: 'vote', args: {}, rawArgs: '{}' };
    const events = await collect(
      provider,
      testRequest({
        messages: [
          { role: 'user', text: 'Go' },
          { role: 'assistant', text: '', calls: [call] },
          { role: 'tool', callId: 'call_0', name: 'vote', output: 'ok', isError: false },
        ],
      }),
    );
    expect(events[0]).toEqual({ type: 'tool-call', call: { ...call, id: 'call_0_2' } });
  });
});

describe.each(['responses', 'chat', 'messages'] as const)('%s', (protocol) => {
  test('marks arguments that were cut off as unusable', async () => {
    const args = '{"content":"half an ans';
    const events = await collect(await connect(protocol, [{ calls: [{ name: 'new_answer', args }], isCut: true }]));
    expect(events.at(-1)).toMatchObject({
      stopReason: 'max-tokens',
      message: { calls: [{ name: 'new_answer', args: null, rawArgs: args }] },
    });
  });
});

/** A stream that goes silent after its first text. */
function hangingAnswer(protocol: WireProtocol): Answer {
  const chunks = replyStream(protocol, { text: ['before', 'after'] });
  return { chunks: chunks.slice(0, chunks.findIndex((chunk) => chunk.includes('"before"')) + 1), end: 'hang' };
}

test('Gemini says why it broke a reply off, and what it cites at Vertex AI', async () => {
  const candidate = {
    content: { parts: [{ text: 'Hi' }] },
    citationMetadata: { citations: [{ uri: 'https://a.example', title: 'A' }] },
    finishReason: 'MALFORMED_FUNCTION_CALL',
    finishMessage: 'Malformed function call: print(',
  };
  const chunks = [`event: message\ndata: ${JSON.stringify({ candidates: [candidate] })}\n\n`];
  const events = await collect(await connect('gemini', [{ chunks }]));
  expect(events.slice(0, -1)).toEqual([
    { type: 'text', text: 'Hi' },
    { type: 'citation', url: 'https://a.example', title: 'A' },
  ]);
  expect(failure(events)).toEqual({
    kind: 'protocol',
    message: 'The reply was broken off: MALFORMED_FUNCTION_CALL: Malformed function call: print(.',
  });
});

test('has as much patience as ever where what looked like the end was none', async () => {
  const clock = createManualClock();
  const piece = (more: object): string =>
    `data: ${JSON.stringify({ choices: [{ delta: { content: 'x' } }], ...more })}\n\n`;
  const counted = { usage: { prompt_tokens: 1, completion_tokens: 1 } };
  const more = Promise.withResolvers<void>();
  const chunks = [piece({}) + piece(counted), more.promise, piece({})];
  const provider = await connect('chat', [{ chunks, end: 'hang' }], { idleTimeoutMs: 60_000 }, clock);
  const stream = provider.stream(testRequest())[Symbol.asyncIterator]();
  let text = '';
  while (text !== 'xxx') {
    const { value } = await stream.next();
    if (value?.type === 'text') text += value.text;
    if (text === 'xx') more.resolve();
  }
  const next = stream.next();
  clock.advance(59_999);
  expect(clock.pending).toBe(1);
  clock.advance(1);
  expect((await next).value).toMatchObject({ error: { message: 'The server sent nothing for 60 s.' } });
});
