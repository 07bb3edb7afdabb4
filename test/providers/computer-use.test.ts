import { afterEach, describe, expect, test } from 'vitest';
import type { BackendSpec } from '../../src/config/team.ts';
import type { AssistantMessage, LoadedFile, Message, ToolSpec } from '../../src/events/message.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createProvider } from '../../src/providers/create.ts';
import type { ModelEvent } from '../../src/providers/provider.ts';
import { startLoopback, type Loopback } from '../support/loopback-server.ts';
import type { WireProtocol } from '../support/wire-replies.ts';
import { collect, testBackend, testRequest } from './backend.ts';

let server: Loopback;
afterEach(async () => server.close());

const COMPUTER: ToolSpec = { name: 'computer', description: 'A computer.', parameters: { type: 'object' } };
const SCREEN: LoadedFile = { name: 'screen.png', mediaType: 'image/png', base64: 'AAA=' };

interface Exchange {
  events: ModelEvent[];
  /** The request with the result of the call in it. */
  second: Record<string, unknown>;
  first: Record<string, unknown>;
  headers: Record<string, unknown>;
}

/** A model asks for something to be done with a computer, and is told what came of it. */
async function exchange(
  protocol: WireProtocol,
  sent: object[],
  {
    isError = false,
    files = [SCREEN],
    ...part
  }: Partial<BackendSpec> & { isError?: boolean; files?: LoadedFile[] } = {},
): Promise<Exchange> {
  const name = (event: object): string => ('type' in event ? `event: ${String(event.type)}\n` : '');
  server = await startLoopback([
    { chunks: sent.map((event) => `${name(event)}data: ${JSON.stringify(event)}\n\n`) },
    { text: 'Done.' },
  ]);
  const baseUrl = protocol === 'responses' ? `${server.url}/v1` : server.url;
  const backend = testBackend({ protocol, baseUrl, builtinTools: ['computer_use'], ...part });
  const provider = await createProvider(backend, { clock: createRealClock() });
  const messages: Message[] = [{ role: 'user', text: 'Go' }];
  const events = await collect(provider, testRequest({ tools: [COMPUTER], messages }));
  const end = events.at(-1);
  const message = end?.type === 'finished' ? end.message : ({ calls: [] } as unknown as AssistantMessage);
  const [call] = message.calls;
  const output = isError ? 'Not allowed.' : '';
  messages.push(message, { role: 'tool', callId: call?.id ?? '', name: 'computer', output, isError, files });
  await collect(provider, testRequest({ tools: [COMPUTER], messages }));
  const [first, second] = server.requests;
  return { events, first: first!.body, second: second!.body, headers: first!.headers };
}

const callsOf = (events: ModelEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === 'tool-call' ? [event.call.name, event.call.args] : []));

describe('a computer at OpenAI', () => {
  const check = { id: 'sc_1', code: 'malicious_instructions', message: 'Careful.' };
  const item = {
    type: 'computer_call',
    id: 'cu_1',
    call_id: 'call_1',
    status: 'completed',
    pending_safety_checks: [check],
    actions: [{ type: 'click', x: 1, y: 2, button: 'left' }, { type: 'screenshot' }],
  };
  const stream = [
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { status: 'completed', output: [item] } },
  ];

  test('is one tool, whose calls go back as they came with what the screen shows', async () => {
    const { events, first, second } = await exchange('responses', stream);
    expect(first.tools).toEqual([{ type: 'computer' }]);
    expect(callsOf(events)).toEqual(['computer', { actions: item.actions, safety_checks: [check] }]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'builtin-tool', itemType: 'computer_call' }));
    expect(second.input).toEqual([
      { role: 'user', content: 'Go' },
      item,
      {
        type: 'computer_call_output',
        call_id: 'call_1',
        output: { type: 'computer_screenshot', image_url: 'data:image/png;base64,AAA=' },
        acknowledged_safety_checks: [check],
      },
    ]);
  });

  test('confirms no check of a call that was not made, and says why', async () => {
    const { second } = await exchange('responses', stream, { isError: true, files: [] });
    const results = (second.input as object[]).slice(2);
    expect(results).toEqual([
      {
        type: 'computer_call_output',
        call_id: 'call_1',
        output: { type: 'computer_screenshot', image_url: expect.stringMatching(/^data:image\/png;base64,/) },
      },
      { role: 'user', content: 'Not allowed.' },
    ]);
  });

  test('has a screen of a known size for the model that was made for it', async () => {
    const { first } = await exchange('responses', stream, { model: 'computer-use-preview' });
    expect(first).toMatchObject({
      truncation: 'auto',
      tools: [{ type: 'computer_use_preview', display_width: 1280, display_height: 800, environment: 'browser' }],
    });
  });
});

describe('a computer at Anthropic', () => {
  const stream = (block: object): object[] => [
    { type: 'content_block_start', index: 0, content_block: block },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: {} },
    { type: 'message_stop' },
  ];
  const result = {
    type: 'tool_result',
    tool_use_id: 'toolu_1',
    content: [
      { type: 'text', text: 'Done.' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAA=' } },
    ],
  };

  test('is one tool for addresses that know the version before', async () => {
    const block = {
      type: 'tool_use',
      id: 'toolu_1',
      name: 'computer',
      input: { action: 'left_click', coordinate: [1, 2] },
    };
    const { events, first, second, headers } = await exchange('messages', stream(block));
    expect(first.tools).toEqual([
      { type: 'computer_20251124', name: 'computer', display_width_px: 1280, display_height_px: 800 },
    ]);
    expect(headers['anthropic-beta']).toBe('computer-use-2025-11-24');
    expect(callsOf(events)).toEqual(['computer', block.input]);
    expect(second.messages).toMatchObject([{}, { content: [block] }, { content: [result] }]);
  });

  test('has one tool for each action where they come as a set, which go back under their own names', async () => {
    const block = {
      type: 'tool_use',
      id: 'toolu_1',
      name: 'left_click',
      toolset_name: 'computer',
      input: { coordinate: [1, 2] },
    };
    const { events, second } = await exchange('messages', stream(block));
    expect(callsOf(events)).toEqual(['computer', { action: 'left_click', coordinate: [1, 2] }]);
    expect(second.messages).toMatchObject([{}, { content: [block] }, { content: [result] }]);
  });
});

describe('a computer at Google', () => {
  const args = { x: 1, y: 2, safety_decision: { decision: 'require_confirmation', explanation: 'Careful.' } };
  const functionCall = { id: 'fc_1', name: 'click_at', args };
  const stream = [
    { candidates: [{ content: { parts: [{ functionCall, thoughtSignature: 's' }] }, finishReason: 'STOP' }] },
  ];

  test('has functions that nobody has declared, whose results are pictures', async () => {
    const { events, first, second } = await exchange('gemini', stream, { model: 'gemini-3.5-flash' });
    expect(first.tools).toEqual([{ computerUse: { environment: 'ENVIRONMENT_BROWSER' } }]);
    expect(callsOf(events)).toEqual(['computer', { ...args, action: 'click_at' }]);
    const response = { output: '', safety_acknowledgement: 'true' };
    const parts = [{ inlineData: { mimeType: 'image/png', data: 'AAA=' } }];
    expect(second.contents).toMatchObject([
      {},
      { role: 'model', parts: [{ functionCall, thoughtSignature: 's' }] },
      { role: 'user', parts: [{ functionResponse: { id: 'fc_1', name: 'click_at', response, parts } }] },
    ]);
  });

  test('confirms nothing of a call that was not made', async () => {
    const { second } = await exchange('gemini', stream, { isError: true, files: [], model: 'gemini-3.5-flash' });
    const [, , last] = second.contents as { parts: { functionResponse: { response: object } }[] }[];
    expect(last?.parts[0]?.functionResponse.response).toEqual({ error: 'Not allowed.' });
  });
});
