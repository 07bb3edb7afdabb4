import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FrameworkName } from '../../../src/config/external-agent.ts';
import { workflowTools } from '../../../src/coordination/protocol.ts';
import type { Message } from '../../../src/events/message.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { plainMessages } from '../../../src/providers/frameworks/framework-turn.ts';
import { createFrameworkProvider } from '../../../src/providers/frameworks/provider.ts';
import type { ModelEvent, ModelRequest, Provider } from '../../../src/providers/provider.ts';
import { errorAnswer, startLoopback, type Handler, type Loopback } from '../../support/loopback-server.ts';
import { collect, testBackend, testRequest } from '../backend.ts';

const tools = workflowTools(['agent1', 'agent2'], 'plurality');
let server: Loopback;
let reply: Handler = () => ({ text: 'unset' });

beforeAll(async () => {
  server = await startLoopback((request, index) => reply(request, index));
  process.env['TEST_SERVER_URL'] = server.url;
});

beforeEach(() => {
  server.requests.length = 0;
});

afterAll(async () => {
  delete process.env['TEST_SERVER_URL'];
  await server.close();
});

function provider(framework: FrameworkName, module: string, exportName: string): Promise<Provider> {
  const path = join(import.meta.dirname, 'agents', module);
  const external = { kind: 'framework' as const, framework, module: path, exportName };
  return createFrameworkProvider(testBackend({ type: framework, protocol: 'framework', external }), {
    clock: createRealClock(),
  });
}

async function ask(of: Promise<Provider>, request: Partial<ModelRequest> = {}): Promise<unknown[]> {
  const events: ModelEvent[] = await collect(await of, testRequest(request));
  return events.map((event) => (event.type === 'own-result' ? { ...event, durationMs: 0 } : event));
}

describe('a graph of LangGraph.js', () => {
  it('tells its nodes, its tools and its reply', async () => {
    expect(await ask(provider('langgraph', 'langgraph-agent.ts', 'graph'))).toEqual([
      { type: 'text', text: 'I look it up.' },
      { type: 'reasoning', text: 'plan\n' },
      {
        type: 'own-tool',
        call: { id: 'own_1_1', name: 'look_up', args: { what: 'sky' }, rawArgs: '{"what":"sky"}' },
      },
      { type: 'reasoning', text: 'tools\n' },
      { type: 'own-result', callId: 'own_1_1', name: 'look_up', output: 'scattering', isError: false, durationMs: 0 },
      { type: 'text', text: 'It scatters.' },
      { type: 'reasoning', text: 'answer\n' },
      {
        type: 'finished',
        message: { role: 'assistant', text: 'It scatters.', calls: [] },
        stopReason: 'end',
        usage: { input: 9, output: 4, cachedInput: 0, cacheWrite: 0, reasoning: 0 },
        sent: {
          stopReason: null,
          usage: { input: 9, output: 4, cached: 0, cacheWrite: 0, reasoning: 0, total: 13 },
        },
      },
    ]);
  });

  it('hands in its answer by a block', async () => {
    const events = await ask(provider('langgraph', 'langgraph-agent.ts', 'graph'), { tools });
    const rawArgs = '{"content":"It scatters."}';
    const call = { id: 'call_1', name: 'new_answer', args: { content: 'It scatters.' }, rawArgs };
    expect(events).toContainEqual({ type: 'tool-call', call });
    expect(events).toContainEqual({ type: 'text', text: 'Here it is. ' });
  });

  it('that throws has failed with its words', async () => {
    const end = (await ask(provider('langgraph', 'langgraph-agent.ts', 'broken'))).at(-1);
    expect(end).toMatchObject({ type: 'failed', error: { message: 'The graph is broken.' } });
  });

  it('stops when the call is interrupted', async () => {
    const stop = new AbortController();
    const events: ModelEvent[] = [];
    const graph = await provider('langgraph', 'langgraph-agent.ts', 'endless');
    for await (const event of graph.stream(testRequest({ signal: stop.signal }))) {
      events.push(event);
      stop.abort();
    }
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: { kind: 'aborted' } });
  });
});

it('hears what a module writes to the console, which would be written over the screen', async () => {
  const events = await ask(provider('langgraph', 'langgraph-agent.ts', 'noisy'));
  expect(events[0]).toEqual({ type: 'reasoning', text: `Upstream error: ${'x'.repeat(984)}\n` });
});

describe('a request that an agent has made and that was refused', () => {
  const agents = [
    ['ai-sdk', 'ai-sdk-agent.ts', 'model'],
    ['ai-sdk', 'ai-sdk-agent.ts', 'agent'],
    ['openai-agents', 'openai-agent.ts', 'agent'],
  ] as const;
  it.each(agents)('is known by its status (%s, %s#%s)', async (framework, module, name) => {
    const error = { type: 'authentication_error', message: 'The key is wrong.' };
    reply = () => errorAnswer(401, { error }, { 'x-request-id': 'r1' });
    const events = await ask(provider(framework, module, name));
    expect(events.at(-1)).toMatchObject({
      type: 'failed',
      error: { kind: 'auth', status: 401, message: 'The key is wrong.' },
    });
    expect(server.requests).toHaveLength(1);
  });

  it('says when its server would take it again', async () => {
    reply = () => errorAnswer(429, { error: { message: 'Slow down.' } }, { 'retry-after': '90' });
    const events = await ask(provider('ai-sdk', 'ai-sdk-agent.ts', 'model'));
    const error = { kind: 'rate-limit', status: 429, message: 'Slow down.', retryAfterMs: 90_000 };
    expect(events.at(-1)).toMatchObject({ type: 'failed', error });
  });
});

describe('the AI SDK', () => {
  it('gives a model that gets the tools of the run as tools', async () => {
    reply = () => ({ text: 'I vote.', calls: [{ name: 'vote', args: { agent_id: 'agent1', reason: 'r' } }] });
    const events = await ask(provider('ai-sdk', 'ai-sdk-agent.ts', 'model'), { tools });
    const rawArgs = '{"agent_id":"agent1","reason":"r"}';
    const call = { id: 'call_1', name: 'vote', args: JSON.parse(rawArgs) as object, rawArgs };
    expect(events).toContainEqual({ type: 'tool-call', call });
    expect(events.at(-1)).toMatchObject({
      type: 'finished',
      message: { role: 'assistant', text: 'I vote.', calls: [call] },
      stopReason: 'tool-calls',
      usage: { input: 10, output: 5 },
    });
    expect(JSON.stringify(server.requests[0]?.body['tools'])).toContain('"name":"new_answer"');
  });

  it('gives a model that is told of the files of the user, and of no reply without words', async () => {
    reply = () => ({ text: 'ok' });
    const files = [
      { name: 'a.md', mediaType: 'text/plain', base64: Buffer.from('notes').toString('base64') },
      { name: 'b.png', mediaType: 'image/png', base64: 'AAA=' },
    ];
    const messages: Message[] = [
      { role: 'user', text: 'Look.', files },
      { role: 'assistant', text: '', calls: [], native: { protocol: 'gemini', items: [{}] } },
    ];
    await ask(provider('ai-sdk', 'ai-sdk-agent.ts', 'model'), { messages });
    const content = ['Look.', "The user's file a.md:\n\n```\nnotes\n```"].map((text) => ({ type: 'text', text }));
    const unseen = { type: 'text', text: "The user's file b.png (image/png) cannot be shown to you." };
    expect(server.requests[0]?.body['messages']).toEqual([{ role: 'user', content: [...content, unseen] }]);
  });

  it('gives an agent whose own tools are told as they run', async () => {
    reply = (_, index) => (index === 0 ? { calls: [{ name: 'clock', args: {} }] } : { text: 'It is noon.' });
    expect(await ask(provider('ai-sdk', 'ai-sdk-agent.ts', 'agent'))).toMatchObject([
      { type: 'own-tool', call: { id: 'own_1_1', name: 'clock' } },
      { type: 'own-result', callId: 'own_1_1', name: 'clock', output: 'noon', isError: false },
      { type: 'text', text: 'It is noon.' },
      { type: 'finished', message: { text: 'It is noon.', calls: [] }, usage: { input: 20, output: 10 } },
    ]);
  });

  it('gives an agent that is made of the tools of the run', async () => {
    const args = { content: 'Noon.' };
    reply = (_, index) => (index === 0 ? { calls: [{ name: 'new_answer', args }] } : { text: 'Done.' });
    const events = await ask(provider('ai-sdk', 'ai-sdk-agent.ts', 'makeAgent'), { tools });
    const call = { id: 'call_1', name: 'new_answer', args, rawArgs: '{"content":"Noon."}' };
    expect(events).toContainEqual({ type: 'tool-call', call });
    expect(JSON.stringify(server.requests[1]?.body)).toContain('Noted. End your turn now');
  });
});

describe('OpenAI Agents', () => {
  it('gives an agent that gets the tools of the run as tools', async () => {
    const args = { content: 'Noon.' };
    const usage = { input: 10, output: 5, cached: 4, reasoning: 2 };
    reply = (_, index) => ({ ...(index === 0 ? { calls: [{ name: 'new_answer', args }] } : { text: 'Done.' }), usage });
    const events = await ask(provider('openai-agents', 'openai-agent.ts', 'agent'), { tools });
    const call = { id: 'call_1', name: 'new_answer', args, rawArgs: '{"content":"Noon."}' };
    expect(events).toContainEqual({ type: 'tool-call', call });
    expect(events.at(-1)).toMatchObject({
      type: 'finished',
      usage: { input: 20, output: 10, cachedInput: 8, reasoning: 4 },
    });
    expect(JSON.stringify(server.requests[1]?.body)).toContain('Noted. End your turn now');
  });
});

describe('an agent of Mastra, by its shape', () => {
  it('tells its thoughts, its tools and its reply', async () => {
    expect(await ask(provider('mastra', 'mastra-agent.ts', 'agent'))).toMatchObject([
      { type: 'reasoning', text: 'hm' },
      { type: 'own-tool', call: { name: 'clock' } },
      { type: 'own-result', name: 'clock', output: 'noon' },
      { type: 'text', text: 'You said: Hello' },
      { type: 'finished', message: { text: 'You said: Hello' }, usage: { input: 3, output: 2 } },
    ]);
  });
});

it('tells agents that take plain messages of the files of the user', () => {
  const files = [{ name: 'b.png', mediaType: 'image/png', base64: 'AAA=' }];
  expect(plainMessages([{ role: 'user', text: 'Look.', files }], '')).toEqual([
    { role: 'user', content: "Look.\n\nThe user's file b.png (image/png) cannot be shown to you." },
  ]);
});

describe('a module that cannot be used', () => {
  it.each([
    ['is not there', 'none.ts', 'agent', /There is no module .*none\.ts/],
    ['has no such export', 'mastra-agent.ts', 'graph', /has no export graph; it exports agent\./],
  ])('because it %s is named', async (_, module, name, message) => {
    await expect(provider('langgraph', module, name)).rejects.toThrow(message);
  });

  it('because it exports something else is told in the first reply', async () => {
    const end = (await ask(provider('openai-agents', 'mastra-agent.ts', 'agent'))).at(-1);
    expect(end).toMatchObject({ type: 'failed', error: { kind: 'bad-request', message: /no Agent of OpenAI Agents/ } });
  });
});
