import { afterEach, describe, expect, test } from 'vitest';
import type { ProviderFeatures } from '../../src/config/provider-features.ts';
import type { BackendSpec } from '../../src/config/team.ts';
import type { Message, ToolSpec } from '../../src/events/message.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createProvider } from '../../src/providers/create.ts';
import type { ModelEvent } from '../../src/providers/provider.ts';
import { startLoopback, type Loopback } from '../support/loopback-server.ts';
import type { WireProtocol, WireReply } from '../support/wire-replies.ts';
import { collect, testBackend, testRequest } from './backend.ts';

let server: Loopback | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const parameters = {
  type: 'object',
  properties: { path: { type: 'string' }, depth: { type: 'integer' } },
  required: ['path'],
};
const VOTE: ToolSpec = { name: 'vote', description: 'Votes.', parameters };
const LIST: ToolSpec = { name: 'mcp__a__list', description: 'Lists.', parameters, isDeferred: true, isForCode: true };
const LOOSE: ToolSpec = { name: 'mcp__b__set', description: 'Sets.', parameters, strict: false };

async function ask(
  protocol: WireProtocol,
  features: ProviderFeatures,
  {
    part = {},
    reply = { text: 'ok' },
    messages,
  }: { part?: Partial<BackendSpec>; reply?: WireReply; messages?: Message[] } = {},
): Promise<{ body: Record<string, unknown>; headers: Record<string, unknown>; events: ModelEvent[] }> {
  server = await startLoopback([reply]);
  const baseUrl = protocol === 'messages' || protocol === 'gemini' ? server.url : `${server.url}/v1`;
  const backend = testBackend({ protocol, baseUrl, features, ...part });
  const provider = await createProvider(backend, { clock: createRealClock() });
  const events = await collect(provider, testRequest({ tools: [VOTE, LIST, LOOSE], ...(messages && { messages }) }));
  const [sent] = server.requests;
  return { body: sent!.body as Record<string, unknown>, headers: sent!.headers, events };
}

describe('strict tools', () => {
  test('are marked at OpenAI, but for those that are left out', async () => {
    const { body } = await ask('responses', { strictTools: true });
    expect(body.tools).toMatchObject([
      { name: 'vote', strict: true, parameters: { required: ['path', 'depth'], additionalProperties: false } },
      { name: 'mcp__a__list', strict: true },
      { name: 'mcp__b__set', strict: false, parameters },
    ]);
  });

  test('give tools the arguments of their own schema: a null stands for one that was left out', async () => {
    const call = { id: 'c', name: 'vote', args: { path: 'a', depth: null } };
    const { events } = await ask('responses', { strictTools: true }, { reply: { calls: [call] } });
    expect(events.at(-1)).toMatchObject({ message: { calls: [{ args: { path: 'a' } }] } });
    expect(events.find((event) => event.type === 'tool-call')).toMatchObject({ call: { args: { path: 'a' } } });
  });

  test('are marked at Anthropic', async () => {
    const { body } = await ask('messages', { strictTools: true });
    expect(body.tools).toMatchObject([
      { name: 'vote', strict: true, input_schema: { required: ['path'], additionalProperties: false } },
      { strict: true },
      { name: 'mcp__b__set', input_schema: parameters },
    ]);
  });

  test('are checked by Gemini', async () => {
    const { body } = await ask('gemini', { strictTools: true });
    expect(body.toolConfig).toEqual({ functionCallingConfig: { mode: 'VALIDATED' } });
  });

  test('are not spoken of to servers that copy OpenAI', async () => {
    const { body } = await ask('chat', { strictTools: true });
    expect(JSON.stringify(body.tools)).not.toContain('strict');
  });
});

describe('a search of tools', () => {
  test('is left to OpenAI by its own tool', async () => {
    const { body } = await ask('responses', { toolSearch: 'bm25' });
    expect(body.tools).toMatchObject([
      { name: 'vote' },
      { name: 'mcp__a__list', defer_loading: true },
      {},
      { type: 'tool_search' },
    ]);
  });

  test('is left to Anthropic, in the way that is wanted', async () => {
    const { body, headers } = await ask('messages', { toolSearch: 'bm25' });
    expect(body.tools).toMatchObject([
      { name: 'vote' },
      { name: 'mcp__a__list', defer_loading: true },
      {},
      { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' },
    ]);
    expect(headers['anthropic-beta']).toBe('advanced-tool-use-2025-11-20');
  });

  test.each([
    ['responses', 'gpt-6-luna', null, true],
    ['responses', 'gpt-5.4-mini', null, true],
    ['responses', 'gpt-5-mini', null, false],
    ['responses', 'gpt-4o', null, false],
    ['responses', 'grok-4.6', 'https://api.x.ai/v1', false],
    ['messages', 'claude-sonnet-5-5', null, true],
    ['messages', 'claude-3-7-sonnet-latest', null, false],
    ['gemini', 'gemini-3.5-flash', null, undefined],
    ['chat', 'gpt-6-luna', null, undefined],
  ] as const)('of %s with %s at %s is its own: %s', async (protocol, model, baseUrl, isOwn) => {
    const provider = await createProvider(testBackend({ protocol, model, baseUrl }), { clock: createRealClock() });
    expect(provider.searchesTools).toBe(isOwn);
  });
});

describe('code that calls tools', () => {
  test('may call those of servers at OpenAI', async () => {
    const { body } = await ask('responses', { codeCallsTools: true });
    expect(body.tools).toMatchObject([
      { name: 'vote' },
      { name: 'mcp__a__list', allowed_callers: ['direct', 'programmatic'] },
      {},
      { type: 'programmatic_tool_calling' },
    ]);
    expect((body.tools as object[])[0]).not.toHaveProperty('allowed_callers');
  });

  test('gets the results at OpenAI under the name of the caller', async () => {
    const caller = { type: 'program', caller_id: 'prog' };
    const item = { type: 'function_call', call_id: 'c', name: 'mcp__a__list', arguments: '{}', caller };
    const messages: Message[] = [
      { role: 'user', text: 'Go' },
      {
        role: 'assistant',
        text: '',
        calls: [{ id: 'c', name: 'mcp__a__list', args: {}, rawArgs: '{}' }],
        native: { protocol: 'responses', items: [{ type: 'program', call_id: 'prog', code: 'x' }, item] },
      },
      { role: 'tool', callId: 'c', name: 'mcp__a__list', output: 'a', isError: false },
    ];
    const { body } = await ask('responses', { codeCallsTools: true }, { messages });
    expect((body.input as unknown[]).at(-1)).toEqual({
      type: 'function_call_output',
      call_id: 'c',
      output: 'a',
      caller,
    });
  });

  test('may call those of servers at Anthropic, and goes on where it waits', async () => {
    const block = {
      type: 'tool_use',
      id: 'c',
      name: 'mcp__a__list',
      input: {},
      caller: { type: 'code_execution_20260120' },
    };
    const messages: Message[] = [
      { role: 'user', text: 'Go' },
      {
        role: 'assistant',
        text: '',
        calls: [{ id: 'c', name: 'mcp__a__list', args: {}, rawArgs: '{}' }],
        native: { protocol: 'messages', items: [block], container: 'container_1' },
      },
      { role: 'tool', callId: 'c', name: 'mcp__a__list', output: 'a', isError: false },
    ];
    const { body } = await ask('messages', { codeCallsTools: true }, { messages });
    expect(body.container).toBe('container_1');
    expect(body.tools).toMatchObject([
      { name: 'vote' },
      { name: 'mcp__a__list', allowed_callers: ['direct', 'code_execution_20260120'] },
      {},
      { type: 'code_execution_20260120', name: 'code_execution' },
    ]);
  });
});

describe('what providers have themselves', () => {
  const hostedServers = [{ name: 'docs', url: 'https://mcp.example', token: 'token-of-mine', allowedTools: ['ask'] }];

  test('at OpenAI: pictures, stores of documents, tool servers', async () => {
    const { body } = await ask(
      'responses',
      { hostedServers, vectorStores: ['vs_1'] },
      { part: { builtinTools: ['image_generation'] } },
    );
    expect((body.tools as unknown[]).slice(3)).toEqual([
      { type: 'image_generation' },
      { type: 'file_search', vector_store_ids: ['vs_1'] },
      {
        type: 'mcp',
        server_label: 'docs',
        server_url: 'https://mcp.example',
        authorization: 'token-of-mine',
        allowed_tools: ['ask'],
        require_approval: 'never',
      },
    ]);
  });

  test('at Anthropic: pages and tool servers', async () => {
    const { body, headers } = await ask('messages', { hostedServers }, { part: { builtinTools: ['web_fetch'] } });
    expect(body.mcp_servers).toEqual([
      { type: 'url', name: 'docs', url: 'https://mcp.example', authorization_token: 'token-of-mine' },
    ]);
    expect((body.tools as unknown[]).slice(3)).toEqual([
      { type: 'web_fetch_20250910', name: 'web_fetch' },
      {
        type: 'mcp_toolset',
        mcp_server_name: 'docs',
        default_config: { enabled: false },
        configs: { ask: { enabled: true } },
      },
    ]);
    expect(headers['anthropic-beta']).toBe('mcp-client-2025-11-20,web-fetch-2025-09-10');
  });

  test('at Gemini: tool servers of which every tool may be called', async () => {
    const open = { ...hostedServers[0]!, name: 'open', allowedTools: null };
    const features = { hostedServers: [...hostedServers, open, { ...open, name: 'free', token: null }] };
    const { body } = await ask('gemini', features, { part: { model: 'gemini-3.5-flash' } });
    const transport = { url: 'https://mcp.example', headers: { Authorization: 'Bearer token-of-mine' } };
    expect((body.tools as unknown[])[1]).toEqual({
      mcpServers: [
        { name: 'open', streamableHttpTransport: transport },
        { name: 'free', streamableHttpTransport: { url: 'https://mcp.example' } },
      ],
    });
  });

  test('at Gemini: pages, also beside functions from Gemini 3 on', async () => {
    const { body } = await ask('gemini', {}, { part: { builtinTools: ['web_fetch'], model: 'gemini-3.5-flash' } });
    expect((body.tools as unknown[])[1]).toEqual({ urlContext: {} });
  });
});
