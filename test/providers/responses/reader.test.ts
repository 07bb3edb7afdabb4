import { describe, expect, test } from 'vitest';
import { createResponsesReader } from '../../../src/providers/responses/reader.ts';
import type { Reply, StreamedEvent } from '../../../src/providers/wire/model-call.ts';
import { createCallIds } from '../../../src/providers/wire/tool-call.ts';

function read(events: unknown[]): { events: StreamedEvent[]; reply: Reply } {
  const reader = createResponsesReader(createCallIds([]));
  return { events: events.flatMap((event) => reader.read(event)), reply: reader.finish() };
}

const CALL = { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'vote', arguments: '{"a":1}' };
const MESSAGE = { type: 'message', id: 'm', content: [{ type: 'output_text', text: 'Hi' }] };
const delta = (text: string, output_index = 0): object => ({
  type: 'response.output_text.delta',
  output_index,
  delta: text,
});
const done = (item: object, output_index: number): object => ({
  type: 'response.output_item.done',
  output_index,
  item,
});
const completed = (output: object[], more: object = {}): object => ({
  type: 'response.completed',
  response: { status: 'completed', output, ...more },
});

describe('the final output', () => {
  test('repeats nothing that was streamed, even where the server numbers and names it otherwise', () => {
    const { events, reply } = read([
      delta('Hi', 3),
      done({ ...MESSAGE, id: 'other' }, 3),
      done({ ...CALL, id: 'other' }, 4),
      completed([MESSAGE, CALL]),
    ]);
    expect(events.map((event) => event.type)).toEqual(['text', 'tool-call']);
    expect(reply.message).toMatchObject({ text: 'Hi', calls: [{ id: 'c', args: { a: 1 } }] });
    expect(reply.message.native?.items).toHaveLength(2);
  });

  test('is read where nothing was streamed', () => {
    const { events, reply } = read([completed([MESSAGE, CALL])]);
    expect(events.map((event) => event.type)).toEqual(['text', 'tool-call']);
    expect(reply).toMatchObject({
      stopReason: 'tool-calls',
      message: { text: 'Hi', native: { items: [MESSAGE, CALL] } },
    });
  });

  test('completes calls that were cut off before they were done', () => {
    const cut = { ...CALL, arguments: '{"a":', status: 'incomplete' };
    const { reply } = read([
      delta('Hi'),
      done(MESSAGE, 0),
      {
        type: 'response.incomplete',
        response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [MESSAGE, cut] },
      },
    ]);
    expect(reply).toMatchObject({
      stopReason: 'max-tokens',
      message: { text: 'Hi', calls: [{ args: null, rawArgs: '{"a":' }] },
    });
  });

  test('is empty where a gateway leaves it out, and the streamed items go back', () => {
    const { reply } = read([delta('Hi'), done(MESSAGE, 0), completed([])]);
    expect(reply.message).toEqual({
      role: 'assistant',
      text: 'Hi',
      calls: [],
      native: { protocol: 'responses', items: [MESSAGE] },
    });
  });
});

test('a custom call has text for its arguments, never an object', () => {
  const { reply } = read([
    done({ type: 'custom_tool_call', call_id: 'c', name: 'sql', input: '{"a":1}' }, 0),
    completed([]),
  ]);
  expect(reply.message.calls).toEqual([{ id: 'c', name: 'sql', args: null, rawArgs: '{"a":1}', isFreeForm: true }]);
});

test('a refusal is part of the text and the reason to stop', () => {
  const { events, reply } = read([{ type: 'response.refusal.delta', output_index: 0, delta: 'No.' }, completed([])]);
  expect(events).toEqual([{ type: 'refusal', text: 'No.' }]);
  expect(reply).toMatchObject({ stopReason: 'refusal', message: { text: 'No.' } });
});

test.each([
  [
    { type: 'web_search_call', id: 'w', action: { query: 'news' } },
    { name: 'web_search', detail: 'news' },
  ],
  [
    { type: 'code_interpreter_call', id: 'w', code: '1+1', status: 'completed' },
    { name: 'code_interpreter', detail: '1+1' },
  ],
  [
    { type: 'mcp_call', id: 'w', name: 'ask', arguments: '{}' },
    { name: 'ask', detail: '{}' },
  ],
])('%j is told of', (item, told) => {
  expect(read([done(item, 0), completed([item])]).events).toEqual([
    { type: 'builtin-tool', ...told, itemType: item.type, ...('status' in item && { status: item.status }) },
  ]);
});
