import { afterEach, describe, expect, test } from 'vitest';
import type { BackendSpec } from '../../src/config/team.ts';
import { renameParameters } from '../../src/config/parameters.ts';
import type { JsonObject } from '../../src/events/json.ts';
import type { ToolSpec } from '../../src/events/message.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createProvider } from '../../src/providers/create.ts';
import type { ModelEvent, ModelRequest } from '../../src/providers/provider.ts';
import { errorAnswer, startLoopback, type Answer, type Loopback } from '../support/loopback-server.ts';
import type { WireProtocol, WireReply } from '../support/wire-replies.ts';
import { collect, testBackend, testRequest } from './backend.ts';

let server: Loopback | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const TOOL: ToolSpec = { name: 'look', description: 'Looks.', parameters: { type: 'object', properties: {} } };
const SCHEMA: JsonObject = { type: 'object', properties: { a_b: { type: 'string' } } };

async function call(
  protocol: WireProtocol,
  params: JsonObject,
  request: Partial<ModelRequest> = {},
  part: Partial<BackendSpec> = {},
  answer: Answer | WireReply = { text: 'ok' },
): Promise<ModelEvent[]> {
  server = await startLoopback([answer]);
  const baseUrl = protocol === 'messages' || protocol === 'gemini' ? server.url : `${server.url}/v1`;
  const renamed = renameParameters(params, protocol, baseUrl);
  const backend = testBackend({ protocol, baseUrl, params: renamed, ...part });
  return collect(await createProvider(backend, { clock: createRealClock() }), testRequest(request));
}

async function bodyOf(...args: Parameters<typeof call>): Promise<Record<string, unknown>> {
  await call(...args);
  return server?.requests[0]?.body ?? {};
}

describe('one call per reply', () => {
  const tools = { tools: [TOOL] };
  test.each(['parallel_tool_calls', 'disable_parallel_tool_use'])('is asked for by %s', async (word) => {
    const params = { [word]: word === 'disable_parallel_tool_use' };
    expect(await bodyOf('chat', params, tools)).toMatchObject({ parallel_tool_calls: false });
    expect(await bodyOf('responses', params, tools)).toMatchObject({ parallel_tool_calls: false });
    expect(await bodyOf('messages', params, tools)).toMatchObject({
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
    expect(await bodyOf('messages', params, { ...tools, toolChoice: 'required' })).toMatchObject({
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    });
    const gemini = JSON.stringify(await bodyOf('gemini', params, tools));
    expect(gemini).not.toMatch(/parallel/i);
  });

  test('is no word where there are no tools', async () => {
    for (const protocol of ['chat', 'responses', 'messages'] as const) {
      expect(JSON.stringify(await bodyOf(protocol, { parallel_tool_calls: false }))).not.toContain('parallel');
    }
  });
});

test('Gemini’s way to call functions goes where Gemini wants it, and nowhere else', async () => {
  const params = { function_calling_mode: 'validated' };
  expect(await bodyOf('gemini', params, { tools: [TOOL] })).toMatchObject({
    toolConfig: { functionCallingConfig: { mode: 'VALIDATED' } },
  });
  expect(await bodyOf('gemini', params, { tools: [TOOL], toolChoice: 'required' })).toMatchObject({
    toolConfig: { functionCallingConfig: { mode: 'ANY' } },
  });
  expect(JSON.stringify(await bodyOf('chat', params, { tools: [TOOL] }))).not.toContain('function_calling_mode');
});

describe('effort and verbosity', () => {
  test.each<[WireProtocol, string, JsonObject, JsonObject]>([
    ['chat', 'gpt-5', { reasoning_effort: 'low', verbosity: 'high' }, { reasoning_effort: 'low', verbosity: 'high' }],
    [
      'responses',
      'gpt-5',
      { reasoning_effort: 'low', reasoning: { summary: 'auto' }, verbosity: 'low' },
      { reasoning: { effort: 'low', summary: 'auto' }, text: { verbosity: 'low' } },
    ],
    [
      'responses',
      'gpt-5',
      { reasoning_effort: 'low', reasoning: { effort: 'high' } },
      { reasoning: { effort: 'high' } },
    ],
    ['messages', 'claude-opus-5-5', { reasoning_effort: 'xhigh' }, { output_config: { effort: 'xhigh' } }],
    ['messages', 'claude-opus-5-5', { reasoning_effort: 'minimal' }, { output_config: { effort: 'low' } }],
    [
      'gemini',
      'gemini-3.5-flash',
      { reasoning_effort: 'medium' },
      { generationConfig: { thinkingConfig: { includeThoughts: true, thinkingLevel: 'MEDIUM' } } },
    ],
    [
      'gemini',
      'gemini-2.5-flash',
      { reasoning_effort: 'low' },
      { generationConfig: { thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 } } },
    ],
    [
      'gemini',
      'gemini-2.5-pro',
      { reasoning_effort: 'none' },
      { generationConfig: { thinkingConfig: { includeThoughts: true, thinkingBudget: 128 } } },
    ],
    [
      'gemini',
      'gemini-3-pro-preview',
      { reasoning_effort: 'minimal' },
      { generationConfig: { thinkingConfig: { includeThoughts: true, thinkingLevel: 'LOW' } } },
    ],
    [
      'gemini',
      'gemini-3.5-flash',
      { reasoning_effort: 'low', thinking_config: { thinking_level: 'HIGH' } },
      { generationConfig: { thinkingConfig: { thinkingLevel: 'HIGH' } } },
    ],
  ])('%s %s with %j', async (protocol, model, params, body) => {
    const sent = await bodyOf(protocol, params, {}, { model });
    expect(sent).toMatchObject(body);
    expect(Object.hasOwn(sent, 'reasoning_effort')).toBe(protocol === 'chat');
  });
});

describe('a schema of the final answer', () => {
  const FORMATS: Record<WireProtocol, JsonObject> = {
    chat: { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: SCHEMA } } },
    responses: { text: { format: { type: 'json_schema', name: 'answer', schema: SCHEMA } } },
    messages: { output_config: { format: { type: 'json_schema', schema: SCHEMA } } },
    gemini: { generationConfig: { responseMimeType: 'application/json', responseJsonSchema: SCHEMA } },
  };

  test.each(Object.entries(FORMATS) as [WireProtocol, JsonObject][])('%s', async (protocol, format) => {
    const params = { output_schema: SCHEMA };
    for (const purpose of ['present', 'solo'] as const) {
      expect(await bodyOf(protocol, params, { purpose })).toMatchObject(format);
    }
    for (const purpose of ['draft', 'judge'] as const) {
      expect(JSON.stringify(await bodyOf(protocol, params, { purpose }))).not.toContain('a_b');
    }
  });

  test('is not asked of models before Gemini 3 beside functions', async () => {
    const ask = async (model: string): Promise<string> =>
      JSON.stringify(await bodyOf('gemini', { output_schema: SCHEMA }, { purpose: 'solo', tools: [TOOL] }, { model }));
    expect(await ask('gemini-2.5-flash')).not.toContain('responseJsonSchema');
    expect(await ask('gemini-3.5-flash')).toContain('responseJsonSchema');
  });
});

describe('a key in another header, another version', () => {
  const headersOf = async (protocol: WireProtocol, part: Partial<BackendSpec>): Promise<Record<string, unknown>> => {
    await call(protocol, {}, {}, part);
    const { authorization, 'x-api-key': xApiKey, 'api-key': apiKey } = server?.requests[0]?.headers ?? {};
    return { authorization, xApiKey, apiKey, version: server?.requests[0]?.headers['anthropic-version'] };
  };

  test('of Anthropic-compatible gateways', async () => {
    expect(await headersOf('messages', {})).toEqual({ xApiKey: 'test-key-000000', version: '2023-06-01' });
    expect(await headersOf('messages', { authStyle: 'bearer', apiVersion: '2026-10-21' })).toEqual({
      authorization: 'Bearer test-key-000000',
      version: '2026-10-21',
    });
  });

  test('of OpenAI-compatible gateways', async () => {
    expect(await headersOf('chat', {})).toEqual({ authorization: 'Bearer test-key-000000' });
    expect(await headersOf('chat', { authStyle: 'api-key' })).toEqual({ apiKey: 'test-key-000000' });
    expect(await headersOf('responses', { authStyle: 'x-api-key' })).toEqual({ xApiKey: 'test-key-000000' });
  });
});

describe('a parameter that the provider refuses', () => {
  const refused = (message: string, param: string | null = null): Answer =>
    errorAnswer(400, { error: { message, type: 'invalid_request_error', param } });
  const messageOf = async (...args: Parameters<typeof call>): Promise<string> => {
    const end = (await call(...args)).at(-1);
    return end?.type === 'failed' ? end.error.message : 'it did not fail';
  };

  test.each<[WireProtocol, JsonObject, Answer, string]>([
    ['responses', { temperature: 1 }, refused('Unsupported value.', 'temperature'), 'temperature'],
    ['chat', { top_k: 4 }, refused('Unrecognized request argument supplied: top_k'), 'top_k'],
    ['messages', { thinking: { type: 'x' } }, refused('thinking.budget_tokens: Field required'), 'thinking'],
    ['gemini', { max_tokens: 9 }, refused('max_output_tokens is out of range'), 'maxOutputTokens'],
  ])('%s names it, behind the words of the provider', async (protocol, params, answer, name) => {
    const message = await messageOf(protocol, params, {}, {}, answer);
    expect(message).toMatch(/^\S.* \(/);
    expect(message).toContain(`(${name} is set in the backend of this agent: change or remove it there.)`);
  });

  test('is named with its place in the config', async () => {
    const places = { temperature: 'team.yaml:7:9, agents[0].backend.temperature' };
    const part = { parameterPlaces: places };
    expect(await messageOf('chat', { temperature: 3 }, {}, part, refused('Too hot.', 'temperature'))).toBe(
      'Too hot. (temperature is set at team.yaml:7:9, agents[0].backend.temperature: change or remove it there.)',
    );
  });

  test('is not blamed for what it has no part in', async () => {
    expect(await messageOf('chat', { n: 1, top_p: 1 }, {}, {}, refused('No such model.'))).toBe('No such model.');
    const unauthorized = errorAnswer(401, { error: { message: 'No temperature for you.' } });
    expect(await messageOf('chat', { temperature: 1 }, {}, {}, unauthorized)).toBe('No temperature for you.');
  });
});
