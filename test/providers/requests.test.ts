import { afterEach, describe, expect, test, vi } from 'vitest';
import type { BackendSpec } from '../../src/config/team.ts';
import type { AssistantMessage, Message, ToolSpec } from '../../src/events/message.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createChatReader } from '../../src/providers/chat/reader.ts';
import { createProvider } from '../../src/providers/create.ts';
import type { ModelRequest } from '../../src/providers/provider.ts';
import { buildResponsesRequest } from '../../src/providers/responses/request.ts';
import { createCallIds } from '../../src/providers/wire/tool-call.ts';
import { startLoopback, type Loopback, type LoopbackRequest } from '../support/loopback-server.ts';
import type { WireProtocol } from '../support/wire-replies.ts';
import { collect, testBackend, testRequest } from './backend.ts';

let server: Loopback | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** What really reaches the server. */
async function ask(
  protocol: WireProtocol,
  request: Partial<ModelRequest> = {},
  part: Partial<BackendSpec> = {},
): Promise<LoopbackRequest> {
  server = await startLoopback([{ text: 'ok' }]);
  const baseUrl = protocol === 'messages' || protocol === 'gemini' ? server.url : `${server.url}/v1`;
  const provider = await createProvider(testBackend({ protocol, baseUrl, ...part }), { clock: createRealClock() });
  await collect(provider, testRequest(request));
  return server.requests[0]!;
}

const TOOL: ToolSpec = {
  name: 'vote',
  description: 'Votes.',
  parameters: { type: 'object', properties: { agent_id: { type: 'string' } }, required: ['agent_id'] },
};
const CALL = { id: 'call_1', name: 'vote', args: { agent_id: 'agent1' }, rawArgs: '{"agent_id":"agent1"}' };
const ASSISTANT: AssistantMessage = { role: 'assistant', text: 'I vote.', calls: [CALL] };
const HISTORY: Message[] = [
  { role: 'system', text: 'Be brief.' },
  { role: 'user', text: 'One' },
  { role: 'user', text: 'Two' },
  ASSISTANT,
  { role: 'user', text: 'News' },
  { role: 'tool', callId: 'call_1', name: 'vote', output: 'No such agent.', isError: true },
];

test('nothing is written over the screen, whatever an SDK thinks of a model', async () => {
  const seen = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
  const params = { thinking: { type: 'enabled', budget_tokens: 1024 } };
  for (const model of ['claude-sonnet-4-5-20250929', 'claude-opus-4-6']) {
    await ask('messages', {}, { model, params });
    await server?.close();
  }
  expect(seen.flatMap((spy) => spy.mock.calls)).toEqual([]);
  for (const spy of seen) spy.mockRestore();
});

describe('other addresses', () => {
  test('of Azure with a dated version carry it in every request', async () => {
    const sent = await ask('chat', {}, { type: 'azure_openai', apiVersion: '2024-12-01-preview' });
    expect(sent.query).toEqual({ 'api-version': '2024-12-01-preview' });
    expect(sent.headers).toMatchObject({ 'api-key': 'test-key-000000' });
    expect(sent.headers).not.toHaveProperty('authorization');
  });

  test('of Vertex AI stand before the model, and get a token', async () => {
    server = await startLoopback([{ text: 'ok' }]);
    const baseUrl = `${server.url}/v1/projects/p/locations/europe-west4/publishers/google`;
    const backend = testBackend({ protocol: 'gemini', model: 'gemini-3.5-flash', baseUrl, authStyle: 'bearer' });
    await collect(await createProvider(backend, { clock: createRealClock() }));
    const [sent] = server.requests;
    expect(sent?.path).toBe(
      '/v1/projects/p/locations/europe-west4/publishers/google/models/gemini-3.5-flash:streamGenerateContent',
    );
    expect(sent?.headers).toMatchObject({ authorization: 'Bearer test-key-000000' });
    expect(sent?.headers).not.toHaveProperty('x-goog-api-key');
  });
});

describe('chat', () => {
  test('sends the conversation, the tools and the parameters', async () => {
    const sent = await ask(
      'chat',
      { messages: HISTORY, tools: [TOOL], toolChoice: 'required' },
      { params: { temperature: 0.2, stream_options: null, extra_body: { top_k: 4 } }, headers: { 'X-Team': 'blue' } },
    );
    expect(sent.path).toBe('/v1/chat/completions');
    expect(sent.headers).toMatchObject({ authorization: 'Bearer test-key-000000', 'x-team': 'blue' });
    expect(sent.headers).not.toHaveProperty('openai-organization');
    expect(sent.body).toEqual({
      model: 'test-model',
      stream: true,
      temperature: 0.2,
      top_k: 4,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'One\n\nTwo' },
        {
          role: 'assistant',
          content: 'I vote.',
          tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'vote', arguments: CALL.rawArgs } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'No such agent.' },
        { role: 'user', content: 'News' },
      ],
      tools: [{ type: 'function', function: TOOL }],
      tool_choice: 'required',
    });
  });

  test('asks for usage, and sends no tools where there are none', async () => {
    const sent = await ask('chat', { toolChoice: 'none' });
    expect(sent.body).toEqual({
      model: 'test-model',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'Hello' }],
    });
  });

  test('gives reasoning back as it came, and repairs arguments that no server could parse', async () => {
    const message: AssistantMessage = {
      role: 'assistant',
      text: '',
      calls: [{ id: 'c', name: 'vote', args: null, rawArgs: '{"broken' }],
      native: { protocol: 'chat', items: [{ reasoning_content: 'Hm.' }] },
    };
    const sent = await ask('chat', { messages: [{ role: 'user', text: 'Go' }, message] });
    expect((sent.body.messages as unknown[]).slice(1)).toEqual([
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'Hm.',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'vote', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'This call was not run.' },
    ]);
  });

  test('gives back what came with a call', async () => {
    const google = { google: { thought_signature: 'sealed' } };
    const reader = createChatReader(createCallIds([]));
    const call = { index: 0, id: 'call_1', function: { name: 'vote', arguments: '{}' }, extra_content: google };
    reader.read({ choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: 'tool_calls' }] });
    const { body } = await ask('chat', { messages: [{ role: 'user', text: 'Go' }, reader.finish().message] });
    expect((body.messages as unknown[])[1]).toEqual({
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_1', type: 'function', function: call.function, extra_content: google }],
    });
  });

  test('sends no key where there is none', async () => {
    expect((await ask('chat', {}, { apiKey: null })).headers).not.toHaveProperty('authorization');
  });
});

describe('responses', () => {
  test('sends the whole conversation and stores nothing', async () => {
    const sent = await ask(
      'responses',
      { messages: HISTORY, tools: [TOOL], toolChoice: 'required' },
      { model: 'gpt-5', params: { reasoning: { effort: 'low' } }, builtinTools: ['web_search', 'code_execution'] },
    );
    expect(sent.path).toBe('/v1/responses');
    expect(sent.body).toEqual({
      model: 'gpt-5',
      stream: true,
      store: false,
      include: ['reasoning.encrypted_content'],
      reasoning: { effort: 'low' },
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: 'One' },
        { role: 'user', content: 'Two' },
        { role: 'assistant', content: 'I vote.' },
        { type: 'function_call', call_id: 'call_1', name: 'vote', arguments: CALL.rawArgs },
        { type: 'function_call_output', call_id: 'call_1', output: 'No such agent.' },
        { role: 'user', content: 'News' },
      ],
      tools: [
        { type: 'function', ...TOOL, strict: false },
        { type: 'web_search' },
        { type: 'code_interpreter', container: { type: 'auto' } },
      ],
      tool_choice: 'required',
    });
  });

  test('does not ask models that do not reason for encrypted reasoning', async () => {
    expect((await ask('responses', {}, { model: 'gpt-4o' })).body).not.toHaveProperty('include');
  });

  test('asks OpenAI for what its own tools give back, and nobody else', () => {
    const asked = (baseUrl: string | null): unknown => {
      const builtinTools = ['web_search', 'code_execution', 'image_generation'] as const;
      const backend = testBackend({ protocol: 'responses', model: 'gpt-4o', baseUrl, builtinTools: [...builtinTools] });
      return buildResponsesRequest(backend, testRequest()).include;
    };
    expect(asked(null)).toEqual(['web_search_call.action.sources', 'code_interpreter_call.outputs']);
    expect(asked('https://gateway.example/v1')).toBeUndefined();
  });

  const SEALED = { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'sealed' };
  const OPEN = { id: 'rs_2', type: 'reasoning', summary: [] };
  const ITEM = { id: 'fc_1', type: 'function_call', call_id: 'call_1', name: 'vote', arguments: '{}' };
  const answer = (items: object[]): Message[] => [
    { role: 'user', text: 'Go' },
    { ...ASSISTANT, native: { protocol: 'responses', items: items as never } },
  ];

  test('gives its own items back verbatim', async () => {
    const sent = await ask('responses', { messages: answer([SEALED, ITEM]) });
    expect((sent.body.input as unknown[]).slice(1, 3)).toEqual([SEALED, ITEM]);
  });

  test('leaves reasoning out that the server could not open again, and what binds to it', async () => {
    const { id: _id, ...unbound } = ITEM;
    const sent = await ask('responses', { messages: answer([OPEN, ITEM]) });
    expect((sent.body.input as unknown[]).slice(1, 2)).toEqual([unbound]);
  });

  test('leaves reasoning out that nothing follows', async () => {
    const sent = await ask('responses', { messages: answer([ITEM, SEALED]) });
    expect(sent.body.input).toHaveLength(3);
  });
});

describe('messages', () => {
  test('sends alternating turns with results first, and marks the prompt for the cache', async () => {
    const sent = await ask(
      'messages',
      { messages: HISTORY, tools: [TOOL], toolChoice: 'required' },
      { builtinTools: ['web_search'] },
    );
    expect(sent.path).toBe('/v1/messages');
    expect(sent.body).toEqual({
      model: 'test-model',
      stream: true,
      max_tokens: 16_384,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'One' },
            { type: 'text', text: 'Two' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'I vote.' },
            { type: 'tool_use', id: 'call_1', name: 'vote', input: { agent_id: 'agent1' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'call_1', content: 'No such agent.', is_error: true },
            { type: 'text', text: 'News', cache_control: { type: 'ephemeral' } },
          ],
        },
      ],
      tools: [
        { name: 'vote', description: 'Votes.', input_schema: TOOL.parameters },
        { type: 'web_search_20250305', name: 'web_search' },
      ],
      tool_choice: { type: 'any' },
    });
  });

  test('gives a paused reply back as the end of the conversation, so that it is continued', async () => {
    const items = [
      { type: 'text', text: 'Let me search.' },
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'news' } },
    ];
    const paused: AssistantMessage = {
      role: 'assistant',
      text: 'Let me search.',
      calls: [],
      native: { protocol: 'messages', items },
    };
    const sent = await ask('messages', { messages: [{ role: 'user', text: 'Go' }, paused] });
    expect(sent.body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Go', cache_control: { type: 'ephemeral' } }] },
      { role: 'assistant', content: items },
    ]);
  });

  test('speaks the common version with x-api-key to any address but Anthropic’s', async () => {
    const { headers } = await ask('messages');
    expect(headers).toMatchObject({ 'anthropic-version': '2023-06-01', 'x-api-key': 'test-key-000000' });
    expect(headers).not.toHaveProperty('authorization');
  });

  test('asks for beta features in the header, beside those that it needs itself', async () => {
    const betas = ['context-1m-2025-08-07', 'web-fetch-2025-09-10'];
    const { headers, body } = await ask('messages', {}, { params: { betas }, builtinTools: ['web_fetch'] });
    expect(headers['anthropic-beta']).toBe('context-1m-2025-08-07,web-fetch-2025-09-10');
    expect(body).not.toHaveProperty('betas');
  });

  test('lets the user’s headers win, whatever their spelling', async () => {
    const { headers } = await ask(
      'messages',
      {},
      { headers: { 'Anthropic-Version': '2026-10-21', Authorization: 'Bearer x' } },
    );
    expect(headers).toMatchObject({ 'anthropic-version': '2026-10-21', authorization: 'Bearer x' });
  });

  test('accepts an address that names the version already', async () => {
    server = await startLoopback([{ text: 'ok' }]);
    const backend = testBackend({ protocol: 'messages', baseUrl: `${server.url}/anthropic/v1/` });
    await collect(await createProvider(backend, { clock: createRealClock() }));
    expect(server.requests[0]?.path).toBe('/anthropic/v1/messages');
  });

  test('gives signed thoughts back and leaves out blank texts and cut-off thoughts', async () => {
    const thinking = { type: 'thinking', thinking: 'Hm.', signature: 'signed' };
    const use = { type: 'tool_use', id: 'call_1', name: 'vote', input: {} };
    const items = [{ type: 'text', text: '\n\n' }, thinking, { type: 'thinking', thinking: 'cut', signature: '' }, use];
    const sent = await ask('messages', {
      messages: [
        { role: 'user', text: 'Go' },
        { ...ASSISTANT, native: { protocol: 'messages', items } },
      ],
    });
    expect((sent.body.messages as { content: unknown }[])[1]?.content).toEqual([thinking, use]);
  });

  test('declares the tools of the history where the request has none, and forbids them', async () => {
    const sent = await ask('messages', { messages: HISTORY });
    expect(sent.body).toMatchObject({
      tools: [{ name: 'vote', input_schema: { type: 'object' } }],
      tool_choice: { type: 'none' },
    });
  });

  test('does not force a model that thinks, and leaves room for its budget', async () => {
    const params = { thinking: { type: 'enabled', budget_tokens: 10_000 } };
    const sent = await ask('messages', { tools: [TOOL], toolChoice: 'required' }, { params });
    expect(sent.body).not.toHaveProperty('tool_choice');
    expect(sent.body.max_tokens).toBe(26_384);
  });
});

describe('gemini', () => {
  test('sends turns, declarations and parameters in the wire’s own shape', async () => {
    const sent = await ask(
      'gemini',
      { messages: HISTORY, tools: [TOOL], toolChoice: 'required' },
      { model: 'gemini-2.5-flash', params: { temperature: 0, max_output_tokens: 50, safety_settings: [] } },
    );
    expect(sent.path).toBe('/v1beta/models/gemini-2.5-flash:streamGenerateContent');
    expect(sent.query).toEqual({ alt: 'sse' });
    expect(sent.headers['x-goog-api-key']).toBe('test-key-000000');
    expect(sent.body).toEqual({
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'One' }, { text: 'Two' }] },
        {
          role: 'model',
          parts: [{ text: 'I vote.' }, { functionCall: { name: 'vote', args: { agent_id: 'agent1' } } }],
        },
        {
          role: 'user',
          parts: [{ functionResponse: { name: 'vote', response: { error: 'No such agent.' } } }, { text: 'News' }],
        },
      ],
      generationConfig: { temperature: 0, maxOutputTokens: 50, thinkingConfig: { includeThoughts: true } },
      safetySettings: [],
      tools: [
        {
          functionDeclarations: [
            {
              name: 'vote',
              description: 'Votes.',
              parameters: { type: 'OBJECT', properties: { agent_id: { type: 'STRING' } }, required: ['agent_id'] },
            },
          ],
        },
      ],
      toolConfig: { functionCallingConfig: { mode: 'ANY' } },
    });
  });

  test('gives its own parts back verbatim, and results with the server’s own id', async () => {
    const items = [
      { functionCall: { id: 'srv1', name: 'vote', args: {} }, thoughtSignature: 'signed', newer: { field: 1 } },
    ];
    const sent = await ask('gemini', {
      messages: [
        { role: 'user', text: 'Go' },
        { ...ASSISTANT, native: { protocol: 'gemini', items } },
        { role: 'tool', callId: 'call_1', name: 'vote', output: 'Done.', isError: false },
      ],
    });
    expect((sent.body.contents as unknown[]).slice(1)).toEqual([
      { role: 'model', parts: items },
      { role: 'user', parts: [{ functionResponse: { id: 'srv1', name: 'vote', response: { output: 'Done.' } } }] },
    ]);
  });

  test('writes nothing on the console, whatever keys the environment holds', async () => {
    vi.stubEnv('GOOGLE_API_KEY', 'one');
    vi.stubEnv('GEMINI_API_KEY', 'two');
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const sent = await ask('gemini');
    expect(warn).not.toHaveBeenCalled();
    expect(sent.headers['x-goog-api-key']).toBe('test-key-000000');
    console.warn('heard again');
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
    vi.unstubAllEnvs();
  });

  test('accepts an address that names the version', async () => {
    server = await startLoopback([{ text: 'ok' }]);
    const backend = testBackend({ protocol: 'gemini', model: 'm', baseUrl: `${server.url}/gw/v1/` });
    await collect(await createProvider(backend, { clock: createRealClock() }));
    expect(server.requests[0]?.path).toBe('/gw/v1/models/m:streamGenerateContent');
  });

  test('uses Google’s tools beside functions only where the model can', async () => {
    const old = await ask('gemini', { tools: [TOOL] }, { model: 'gemini-2.5-pro', builtinTools: ['web_search'] });
    expect(old.body.tools).toHaveLength(1);
    await server?.close();
    const alone = await ask('gemini', {}, { model: 'gemini-2.5-pro', builtinTools: ['web_search', 'code_execution'] });
    expect(alone.body.tools).toEqual([{ googleSearch: {} }, { codeExecution: {} }]);
    await server?.close();
    const mixed = await ask('gemini', { tools: [TOOL] }, { model: 'gemini-3-flash', builtinTools: ['web_search'] });
    expect(mixed.body).toMatchObject({
      tools: [{}, { googleSearch: {} }],
      toolConfig: { includeServerSideToolInvocations: true },
    });
  });
});

describe.each(['responses', 'chat', 'messages', 'gemini'] as const)('%s', (protocol) => {
  test('sends a reply back as its server gave it', async () => {
    const reply = {
      reasoning: 'Hm.',
      text: 'Here.',
      calls: [{ id: 'call_1', name: 'vote', args: { agent_id: 'agent1' } }],
    };
    server = await startLoopback([reply, { text: 'done' }]);
    const baseUrl = protocol === 'messages' || protocol === 'gemini' ? server.url : `${server.url}/v1`;
    const provider = await createProvider(testBackend({ protocol, baseUrl }), { clock: createRealClock() });
    const end = (await collect(provider)).at(-1);
    const message = end?.type === 'finished' ? end.message : ASSISTANT;
    const result: Message = { role: 'tool', callId: 'call_1', name: 'vote', output: 'ok', isError: false };
    await collect(
      provider,
      testRequest({ messages: [{ role: 'user', text: 'Hello' }, message, result], tools: [TOOL] }),
    );
    const sent = JSON.stringify(server.requests[1]?.body);
    // What proves to the server that the thoughts are its own, or (chat) the thoughts themselves.
    expect(sent).toContain({ responses: 'c2VhbGVk', chat: 'Hm.', messages: 'c2lnbmVk', gemini: 'c2lnbmVk' }[protocol]);
    expect(sent.split('call_1')).toHaveLength(protocol === 'responses' ? 4 : 3);
  });
});
