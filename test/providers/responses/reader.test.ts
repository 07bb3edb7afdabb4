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

  test('repeats no use of a tool that it names otherwise, and tells of one more', () => {
    const search = { type: 'web_search_call', status: 'completed' };
    const { events } = read([
      done({ ...search, id: 'ws_1' }, 0),
      completed([
        { ...search, id: 'renamed' },
        { ...search, id: 'one more' },
      ]),
    ]);
    expect(events.filter((event) => event.type === 'builtin-tool')).toHaveLength(2);
  });

  test('has ended even where it says that it is in progress', () => {
    const reader = createResponsesReader(createCallIds([]));
    reader.read(completed([MESSAGE], { status: 'in_progress' }));
    expect(reader.sent().stopReason).toBe('completed');
  });

  test('may leave its status to the name of the event', () => {
    const reader = createResponsesReader(createCallIds([]));
    reader.read({ type: 'response.incomplete', response: { output: [] } });
    expect(reader.sent().stopReason).toBe('incomplete');
  });

  test('is read where nothing was streamed', () => {
    const { events, reply } = read([completed([MESSAGE, CALL])]);
    expect(events.map((event) => event.type)).toEqual(['text', 'tool-call']);
    expect(reply).toMatchObject({
      stopReason: 'tool-calls',
      message: { text: 'Hi', native: { items: [MESSAGE, CALL] } },
    });
  });

  test('holds both a tool at work and what came of it, which have one id', () => {
    const run = { type: 'shell_call', id: 's', call_id: 'c' };
    const came = { type: 'shell_call_output', id: 'o', call_id: 'c', output: [{ stdout: 'ok' }] };
    for (const streamed of [[], [done(run, 0)], [done(run, 0), done(came, 0)]]) {
      const { events, reply } = read([...streamed, completed([run, came])]);
      expect(events.map((event) => 'itemType' in event && event.itemType)).toEqual([
        'shell_call',
        false,
        'shell_call_output',
        false,
      ]);
      expect(reply.message.native?.items).toEqual([run, came]);
    }
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
    { type: 'builtin-result', name: told.name, output: '', isError: false },
  ]);
});

test.each([
  [{ type: 'code_interpreter_call', outputs: [{ type: 'logs', logs: '2' }] }, '2', false],
  [{ type: 'mcp_call', name: 'ask', output: 'yes' }, 'yes', false],
  [{ type: 'mcp_call', name: 'ask', error: { type: 'http_error', message: 'gone' } }, 'gone', true],
  [{ type: 'file_search_call', results: [{ filename: 'a.txt', text: 'x' }] }, 'a.txt', false],
  [{ type: 'program_output', result: '42' }, '42', false],
  [{ type: 'shell_call_output', output: [{ stdout: 'ok', stderr: '' }] }, 'ok', false],
  [{ type: 'web_search_call', status: 'failed' }, '', true],
])('%j has an outcome', (item, output, isError) => {
  const { events } = read([done({ id: 'x', ...item }, 0), completed([])]);
  expect(events[1]).toMatchObject({ type: 'builtin-result', output, isError });
});

test('a picture comes as a file', () => {
  const item = { type: 'image_generation_call', id: 'ig', result: 'AA==', output_format: 'webp' };
  expect(read([done(item, 0), completed([item])]).events[2]).toEqual({
    type: 'file',
    name: 'image',
    id: 'ig',
    mediaType: 'image/webp',
    base64: 'AA==',
  });
});

test('what code has printed and drawn is told', () => {
  const item = {
    type: 'code_interpreter_call',
    id: 'ci_1',
    status: 'completed',
    code: 'plot()',
    outputs: [
      { type: 'logs', logs: 'done' },
      { type: 'image', url: 'data:image/png;base64,AA==' },
      { type: 'image', url: 'https://a.example/b.png' },
    ],
  };
  const { events } = read([done(item, 0), completed([item])]);
  expect(events.slice(1)).toEqual([
    { type: 'builtin-result', name: 'code_interpreter', output: 'done\nhttps://a.example/b.png', isError: false },
    { type: 'file', name: 'image 2 of ci_1', id: null, mediaType: 'image/png', base64: 'AA==' },
  ]);
});

describe('gateways that leave events out', () => {
  const added = (item: object, output_index = 0): object => ({
    type: 'response.output_item.added',
    output_index,
    item,
  });

  test('may send a whole text at its end only, part by part', () => {
    const end = (text: string, content_index: number): object => ({
      type: 'response.output_text.done',
      output_index: 0,
      content_index,
      text,
    });
    const { events } = read([{ ...delta('a'), content_index: 0 }, end('a', 0), end('b', 1), completed([])]);
    expect(events).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]);
  });

  test.each([
    ['response.refusal.done', { refusal: 'No.' }, { type: 'refusal', text: 'No.' }],
    ['response.reasoning_text.done', { text: 'Hm' }, { type: 'reasoning', text: 'Hm' }],
    ['response.reasoning_summary_text.done', { text: 'Hm', summary_index: 1 }, { type: 'reasoning', text: 'Hm' }],
  ])('%s is read where nothing was streamed', (type, more, event) => {
    expect(read([{ type, output_index: 0, ...more }, completed([])]).events).toEqual([event]);
  });

  test('may never send the whole call, only its arguments', () => {
    const call = { type: 'function_call', id: 'fc', call_id: 'c', name: 'vote', arguments: '' };
    const grown = (piece: string): object => ({
      type: 'response.function_call_arguments.delta',
      output_index: 0,
      delta: piece,
    });
    const { reply } = read([added(call), grown('{"a"'), grown(':1}'), completed([])]);
    expect(reply).toMatchObject({
      stopReason: 'tool-calls',
      message: {
        calls: [{ id: 'c', name: 'vote', args: { a: 1 } }],
        native: { items: [{ ...call, arguments: '{"a":1}' }] },
      },
    });
  });

  test.each([
    ['leave its arguments out', ''],
    ['send its arguments as an object', { a: 1 }],
  ])('may send the whole call, but %s', (_name, args) => {
    const { reply } = read([
      added({ ...CALL, arguments: '' }),
      { type: 'response.function_call_arguments.delta', output_index: 0, delta: '{"a":1}' },
      done({ ...CALL, arguments: args }, 0),
      completed([]),
    ]);
    expect(reply.message).toMatchObject({ calls: [{ args: { a: 1 } }], native: { items: [CALL] } });
  });

  test.each([undefined, 0])('may give all items the place %j', (place) => {
    const item = (sent: object): object => ({ type: 'response.output_item.done', output_index: place, item: sent });
    const { events } = read([
      { ...delta('Hi'), output_index: place, item_id: 'm' },
      item(MESSAGE),
      item(CALL),
      item(CALL),
      item({ ...CALL, id: 'fc_2', call_id: 'd', arguments: '{"a":2}' }),
      completed([]),
    ]);
    expect(events).toMatchObject([
      { type: 'text', text: 'Hi' },
      { type: 'tool-call', call: { id: 'c', args: { a: 1 } } },
      { type: 'tool-call', call: { id: 'd', args: { a: 2 } } },
    ]);
  });

  test('do not have a call twice that came whole', () => {
    const { reply } = read([
      added({ ...CALL, arguments: '' }),
      { type: 'response.function_call_arguments.done', output_index: 0, arguments: '{"a":1}' },
      done(CALL, 0),
      completed([CALL]),
    ]);
    expect(reply.message.calls).toHaveLength(1);
  });

  test('may stream the input of a custom tool alone', () => {
    const call = { type: 'custom_tool_call', id: 'x', call_id: 'c', name: 'sql' };
    const { reply } = read([
      added(call),
      { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: 'select' },
      { type: 'response.custom_tool_call_input.done', output_index: 0, input: 'select 1' },
      completed([]),
    ]);
    expect(reply.message.calls).toMatchObject([{ rawArgs: 'select 1', isFreeForm: true }]);
  });
});

test('what a model says aloud is its text', () => {
  const { events } = read([{ type: 'response.audio.transcript.delta', delta: 'Hi' }, completed([])]);
  expect(events).toEqual([{ type: 'text', text: 'Hi' }]);
});

test('a page is cited once, as soon as it is named', () => {
  const annotation = { type: 'url_citation', url: 'https://a.example', title: 'A' };
  const message = {
    type: 'message',
    id: 'm',
    content: [{ type: 'output_text', text: 'Hi', annotations: [annotation] }],
  };
  const { events } = read([
    delta('Hi'),
    { type: 'response.output_text.annotation.added', output_index: 0, annotation },
    done(message, 0),
    completed([message]),
  ]);
  expect(events).toEqual([
    { type: 'text', text: 'Hi' },
    { type: 'citation', url: 'https://a.example', title: 'A' },
  ]);
});

/** Every kind of output item that is not the reply itself. */
const BUILTIN = [
  'file_search_call',
  'web_search_call',
  'computer_call',
  'computer_call_output',
  'code_interpreter_call',
  'image_generation_call',
  'local_shell_call',
  'local_shell_call_output',
  'shell_call',
  'shell_call_output',
  'apply_patch_call',
  'apply_patch_call_output',
  'mcp_list_tools',
  'mcp_call',
  'mcp_approval_request',
  'tool_search_call',
  'tool_search_output',
  'additional_tools',
  'compaction',
  'program',
  'program_output',
  'something_new',
];
test.each(BUILTIN)('%s is told of once and goes back as it came', (type) => {
  const item = { type, id: 'i', status: 'completed' };
  const { events, reply } = read([done(item, 0), completed([item])]);
  expect(events).toMatchObject([{ type: 'builtin-tool', itemType: type }, { type: 'builtin-result' }]);
  expect(reply.message.native?.items).toEqual([item]);
});

const SILENT = [
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.content_part.added',
  'response.content_part.done',
  'response.reasoning_summary_part.added',
  'response.reasoning_summary_part.done',
  'response.web_search_call.searching',
  'response.file_search_call.completed',
  'response.code_interpreter_call_code.delta',
  'response.code_interpreter_call.interpreting',
  'response.image_generation_call.partial_image',
  'response.mcp_call_arguments.delta',
  'response.mcp_call.failed',
  'response.mcp_list_tools.failed',
  'response.shell_call_command.delta',
  'response.shell_call_output_content.delta',
  'response.apply_patch_call_operation_diff.delta',
  'response.compaction.compacting',
  'response.steer.received',
  'response.audio.delta',
  'response.never_heard_of',
];
test.each(SILENT)('%s says nothing that its item will not say', (type) => {
  const { events, reply } = read([{ type, output_index: 0, delta: 'x', partial_image_b64: 'x' }, completed([])]);
  expect({ events, text: reply.message.text }).toEqual({ events: [], text: '' });
});
