import { describe, expect, test } from 'vitest';
import { createMessagesReader } from '../../../src/providers/messages/reader.ts';
import type { Reply, StreamedEvent } from '../../../src/providers/wire/model-call.ts';
import { createCallIds } from '../../../src/providers/wire/tool-call.ts';

function read(events: unknown[]): { events: StreamedEvent[]; reply: Reply; usage: unknown; stop: string | null } {
  const reader = createMessagesReader(createCallIds([]));
  const out = events.flatMap((event) => reader.read(event));
  return { events: out, reply: reader.finish(), usage: reader.usage(), stop: reader.sent().stopReason };
}

/** A block with its deltas. */
function block(content_block: object, ...deltas: object[]): object[] {
  return [
    { type: 'content_block_start', index: 0, content_block },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index: 0, delta })),
    { type: 'content_block_stop', index: 0 },
  ];
}

function end(stop_reason: string, usage: object = {}): object[] {
  return [{ type: 'message_delta', delta: { stop_reason }, usage }, { type: 'message_stop' }];
}

describe('blocks', () => {
  test('of thinking go back with their signature, and redacted ones as they came', () => {
    const redacted = { type: 'redacted_thinking', data: 'x' };
    const { events, reply } = read([
      ...block(
        { type: 'thinking', thinking: '', signature: '' },
        { type: 'thinking_delta', thinking: 'Hm' },
        { type: 'signature_delta', signature: 's' },
      ),
      ...block(redacted),
      ...block({ type: 'text', text: '' }, { type: 'text_delta', text: 'Hi' }),
      ...end('end_turn'),
    ]);
    expect(events).toEqual([
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: 'Hi' },
    ]);
    expect(reply.message.native?.items).toEqual([
      { type: 'thinking', thinking: 'Hm', signature: 's' },
      redacted,
      { type: 'text', text: 'Hi' },
    ]);
  });

  test.each(['server_tool_use', 'mcp_tool_use'])('%s is a tool of the provider, no call for us', (type) => {
    const { events, reply } = read([
      ...block(
        { type, id: 'u', name: 'look', input: {} },
        { type: 'input_json_delta', partial_json: '{"q"' },
        { type: 'input_json_delta', partial_json: ':1}' },
      ),
      ...end('end_turn'),
    ]);
    expect(events).toEqual([{ type: 'builtin-tool', name: 'look', detail: '{"q":1}', itemType: type }]);
    expect(reply.message).toMatchObject({ calls: [], native: { items: [{ type, id: 'u', input: { q: 1 } }] } });
  });

  test.each([
    'web_search_tool_result',
    'web_fetch_tool_result',
    'code_execution_tool_result',
    'bash_code_execution_tool_result',
    'text_editor_code_execution_tool_result',
    'tool_search_tool_result',
    'mcp_tool_result',
    'advisor_tool_result',
  ])('%s is what a tool of the provider gave back, and goes back', (type) => {
    const result = { type, tool_use_id: 'elsewhere', content: { type: 'encrypted', data: 'x' } };
    const { events, reply } = read([...block(result), ...end('end_turn')]);
    expect(events).toMatchObject([
      { type: 'builtin-result', name: type.replace(/_(?:tool_)?result$/, ''), itemType: type, isError: false },
    ]);
    expect(reply.message.native?.items).toEqual([result]);
  });

  test.each([
    [{ type: 'code_execution_result', stdout: '2', stderr: '', return_code: 0 }, '2'],
    [{ type: 'web_fetch_result', url: 'https://a.example', content: { title: 'A' } }, 'https://a.example\nA'],
    [[{ type: 'web_search_result', url: 'https://a.example', title: 'A' }], 'A https://a.example'],
    [[{ type: 'text', text: 'yes' }], 'yes'],
    [{ type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' }, 'max_uses_exceeded'],
  ])('%j says something', (content, output) => {
    const { events } = read(block({ type: 'some_tool_result', tool_use_id: 'u', content }));
    expect(events).toMatchObject([{ type: 'builtin-result', output }]);
  });

  test('of a failed tool say so', () => {
    const content = { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' };
    const { events } = read(block({ type: 'web_search_tool_result', tool_use_id: 'u', content }));
    expect(events).toMatchObject([{ type: 'builtin-result', isError: true }]);
  });

  test.each(['container_upload', 'compaction', 'fallback', 'something_new'])('%s goes back as it came', (type) => {
    const sent = { type, file_id: 'f' };
    expect(read([...block(sent), ...end('end_turn')]).reply.message.native?.items).toEqual([sent]);
  });

  test('may have their input whole at the beginning, or none at all', () => {
    const { reply } = read([
      ...block({ type: 'tool_use', id: 'a', name: 'one', input: { x: 1 } }),
      ...block({ type: 'tool_use', id: 'b', name: 'two', input: {} }),
      ...end('tool_use'),
    ]);
    expect(reply.message.calls.map(({ id, args }) => [id, args])).toEqual([
      ['a', { x: 1 }],
      ['b', {}],
    ]);
  });

  test('may be neither numbered nor ended', () => {
    const call = (id: string): object => ({
      type: 'content_block_start',
      content_block: { type: 'tool_use', id, name: 'one', input: {} },
    });
    const input = (partial_json: string): object => ({
      type: 'content_block_delta',
      delta: { type: 'input_json_delta', partial_json },
    });
    const { reply } = read([call('a'), input('{"x":1}'), call('b'), input('{"x":2}'), ...end('tool_use')]);
    expect(reply.message.calls.map(({ id, args }) => [id, args])).toEqual([
      ['a', { x: 1 }],
      ['b', { x: 2 }],
    ]);
  });

  test('of text and thinking may begin unannounced', () => {
    const { events, reply } = read([
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Hi' } },
      ...end('end_turn'),
    ]);
    expect(events).toEqual([
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: 'Hi' },
    ]);
    expect(reply.message.native?.items).toEqual([
      { type: 'thinking', thinking: 'Hm' },
      { type: 'text', text: 'Hi' },
    ]);
  });

  test('that were cut off in their input have no arguments', () => {
    const { reply } = read([
      ...block({ type: 'tool_use', id: 'a', name: 'one' }, { type: 'input_json_delta', partial_json: '{"x":' }),
      ...end('max_tokens'),
    ]);
    expect(reply).toMatchObject({
      stopReason: 'max-tokens',
      message: { calls: [{ args: null, rawArgs: '{"x":' }] },
    });
  });
});

describe('citations', () => {
  test.each([
    ['web_search_result_location', { url: 'https://a.example', title: 'A' }, 'https://a.example'],
    ['search_result_location', { source: 'https://b.example', title: 'A' }, 'https://b.example'],
  ])('%s names a page, and stays in its block', (type, location, url) => {
    const citation = { type, ...location, cited_text: 'x' };
    const { events, reply } = read([
      ...block({ type: 'text', text: 'Hi' }, { type: 'citations_delta', citation }),
      ...end('end_turn'),
    ]);
    expect(events).toEqual([
      { type: 'text', text: 'Hi' },
      { type: 'citation', url, title: 'A' },
    ]);
    expect(reply.message.native?.items).toEqual([{ type: 'text', text: 'Hi', citations: [citation] }]);
  });

  test.each(['char_location', 'page_location', 'content_block_location'])('%s names a document', (type) => {
    const citation = { type, document_title: 'report.pdf', file_id: 'f' };
    const { events } = read(block({ type: 'text', text: '' }, { type: 'citations_delta', citation }));
    expect(events).toEqual([{ type: 'file', name: 'report.pdf', id: 'f', mediaType: null }]);
  });
});

test.each([
  ['end_turn', 'end'],
  ['max_tokens', 'max-tokens'],
  ['model_context_window_exceeded', 'max-tokens'],
  ['stop_sequence', 'stop-sequence'],
  ['pause_turn', 'pause'],
  ['refusal', 'refusal'],
  ['compaction', 'pause'],
])('%s means %s', (word, stopReason) => {
  expect(read(end(word))).toMatchObject({ stop: word, reply: { stopReason } });
});

test('the counts of the end replace those of the beginning', () => {
  const usage = { input_tokens: 10, output_tokens: 1, cache_read_input_tokens: 5, cache_creation_input_tokens: 2 };
  const { usage: counted } = read([
    { type: 'message_start', message: { usage } },
    ...end('end_turn', { input_tokens: 20, output_tokens: 9, output_tokens_details: { thinking_tokens: 4 } }),
  ]);
  expect(counted).toEqual({ input: 27, output: 9, cachedInput: 5, cacheWrite: 2, reasoning: 4 });
});

test('a prompt that was counted at the beginning is not taken back by zeros', () => {
  const { usage } = read([
    { type: 'message_start', message: { usage: { input_tokens: 10, output_tokens: 1, cache_read_input_tokens: 5 } } },
    ...end('end_turn', { input_tokens: 0, output_tokens: 9, cache_read_input_tokens: 0 }),
  ]);
  expect(usage).toEqual({ input: 15, output: 9, cachedInput: 5, cacheWrite: 0, reasoning: 0 });
});

describe('a conversation that the server has summed up', () => {
  test('goes back with what is encrypted in it', () => {
    const { reply } = read([
      ...block(
        { type: 'compaction', content: null, encrypted_content: null },
        { type: 'compaction_delta', content: null, encrypted_content: 'secret' },
      ),
      ...end('compaction'),
    ]);
    expect(reply).toMatchObject({
      stopReason: 'pause',
      message: { native: { items: [{ type: 'compaction', content: null, encrypted_content: 'secret' }] } },
    });
  });

  test('costs what the summing up took, which the counts leave out', () => {
    const iterations = [
      { type: 'compaction', input_tokens: 100, output_tokens: 10, cache_read_input_tokens: 5 },
      { type: 'message', input_tokens: 20, output_tokens: 2 },
    ];
    const { usage } = read(end('end_turn', { input_tokens: 20, output_tokens: 2, iterations }));
    expect(usage).toEqual({ input: 125, output: 12, cachedInput: 5, cacheWrite: 0, reasoning: 0 });
  });
});

test.each([
  [{ content: { error_code: 'unavailable', error_message: 'Later.' } }, 'unavailable\nLater.'],
  [{ content: { type: 'text_editor_code_execution_view_result', content: 'a file' } }, 'a file'],
  [{ content: { lines: ['-a', '+b'] } }, '-a\n+b'],
  [{ content: { tool_references: [{ tool_name: 'one' }, { tool_name: 'two' }] } }, 'one\ntwo'],
  [{ content: { type: 'advisor_result', text: 'Do it.' } }, 'Do it.'],
])('a result says its words: %j', (result, output) => {
  const { events } = read([...block({ type: 'any_tool_result', tool_use_id: 'u', ...result }), ...end('end_turn')]);
  expect(events).toMatchObject([{ output }]);
});
