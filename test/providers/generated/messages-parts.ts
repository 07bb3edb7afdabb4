import type { Part, Says } from './part.ts';

/** A content block with its deltas. */
function block(name: string, content_block: object, deltas: readonly object[], says: Says): Part {
  return {
    name,
    says,
    events: (index) => [
      { type: 'content_block_start', index, content_block },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ],
  };
}

const json = (...pieces: string[]): object[] =>
  pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json }));

const SERVER_TOOLS = [
  'advisor',
  'web_search',
  'web_fetch',
  'code_execution',
  'bash_code_execution',
  'text_editor_code_execution',
  'tool_search_tool_regex',
  'tool_search_tool_bm25',
];

/** Results of the provider's tools, in every form there is. */
const RESULTS: readonly (readonly [type: string, content: unknown, files?: string[]])[] = [
  [
    'web_search_tool_result',
    [{ type: 'web_search_result', url: 'https://a.example', title: 'A', encrypted_content: 'x' }],
  ],
  ['web_search_tool_result', { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' }],
  ['web_fetch_tool_result', { type: 'web_fetch_result', url: 'https://a.example', content: { type: 'document' } }],
  [
    'code_execution_tool_result',
    { type: 'code_execution_result', stdout: '1', stderr: '', return_code: 0, content: [] },
  ],
  ['code_execution_tool_result', { type: 'encrypted_code_execution_result', encrypted_stdout: 'x', content: [] }],
  [
    'bash_code_execution_tool_result',
    {
      type: 'bash_code_execution_result',
      stdout: '',
      stderr: '',
      return_code: 0,
      content: [{ type: 'bash_code_execution_output', file_id: 'file_made' }],
    },
    ['file_made'],
  ],
  [
    'text_editor_code_execution_tool_result',
    { type: 'text_editor_code_execution_view_result', content: 'x', file_type: 'text', num_lines: 1 },
  ],
  ['tool_search_tool_result', { type: 'tool_search_tool_search_result', tool_references: [{ tool_name: 'a' }] }],
  ['advisor_tool_result', { type: 'advisor_result', text: 'Do.', stop_reason: 'end_turn' }],
  ['mcp_tool_result', [{ type: 'text', text: 'yes' }]],
];

export const MESSAGES_PARTS: readonly Part[] = [
  block(
    'text in pieces',
    { type: 'text', text: '' },
    [
      { type: 'text_delta', text: 'Grü' },
      { type: 'text_delta', text: 'ße 🌍' },
    ],
    { text: 'Grüße 🌍' },
  ),
  block('text that begins with its block', { type: 'text', text: 'be' }, [{ type: 'text_delta', text: 'gun' }], {
    text: 'begun',
  }),
  block(
    'text that cites',
    { type: 'text', text: '', citations: [] },
    [
      { type: 'text_delta', text: 'cited' },
      ...[
        { type: 'web_search_result_location', url: 'https://a.example', title: 'A', cited_text: 'x' },
        { type: 'search_result_location', source: 'https://b.example', title: 'B', cited_text: 'x' },
        { type: 'char_location', document_title: 'notes', file_id: 'file_doc', cited_text: 'x' },
        { type: 'page_location', document_title: 'paper', file_id: null, cited_text: 'x' },
        { type: 'content_block_location', document_title: 'paper', file_id: null, cited_text: 'x' },
      ].map((citation) => ({ type: 'citations_delta', citation })),
    ],
    { text: 'cited', citations: ['https://a.example', 'https://b.example'], files: ['file_doc', null] },
  ),
  block(
    'thinking',
    { type: 'thinking', thinking: '', signature: '' },
    [
      { type: 'thinking_delta', thinking: 'H' },
      { type: 'thinking_delta', thinking: 'm.' },
      { type: 'signature_delta', signature: 's' },
    ],
    { reasoning: 'Hm.' },
  ),
  block(
    'thinking that is kept back',
    { type: 'thinking', thinking: '' },
    [{ type: 'signature_delta', signature: 's' }],
    {},
  ),
  block('redacted thinking', { type: 'redacted_thinking', data: 'x' }, [], {}),
  block('a call', { type: 'tool_use', id: 'toolu_1', name: 'do', input: {} }, json('', '{"a"', ':1}'), {
    calls: [{ id: 'toolu_1', name: 'do', args: { a: 1 } }],
  }),
  block('a call without arguments', { type: 'tool_use', id: 'toolu_2', name: 'do', input: {} }, json(''), {
    calls: [{ id: 'toolu_2', name: 'do', args: {} }],
  }),
  block(
    'a call by code',
    { type: 'tool_use', id: 'toolu_3', name: 'do', input: { b: 2 }, caller: { type: 'code_execution_20260120' } },
    [],
    { calls: [{ id: 'toolu_3', name: 'do', args: { b: 2 } }] },
  ),
  ...SERVER_TOOLS.map((name) =>
    block(`server tool ${name}`, { type: 'server_tool_use', id: `srv_${name}`, name, input: {} }, json('{"q":', '1}'), {
      builtin: ['server_tool_use'],
    }),
  ),
  block(
    'a call of a hosted server',
    { type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'ask', server_name: 's', input: {} },
    json('{}'),
    { builtin: ['mcp_tool_use'] },
  ),
  ...RESULTS.map(([type, content, files = []]) =>
    block(`result ${type}`, { type, tool_use_id: 'elsewhere', content }, [], { builtin: [type], files }),
  ),
  block('a file in the container', { type: 'container_upload', file_id: 'file_up' }, [], {
    builtin: ['container_upload'],
    files: ['file_up'],
  }),
  block(
    'a conversation that was summed up',
    { type: 'compaction', content: null, encrypted_content: null },
    [{ type: 'compaction_delta', content: 'So far.', encrypted_content: null }],
    { builtin: ['compaction'] },
  ),
  block('another model that went on', { type: 'fallback', from: { model: 'a' }, to: { model: 'b' } }, [], {
    builtin: ['fallback'],
  }),
  block('tools of a hosted server', { type: 'mcp_tool_listing', mcp_server_name: 's', tools: [{ name: 'a' }] }, [], {
    builtin: ['mcp_tool_listing'],
  }),
  { name: 'a sign of life', says: {}, events: () => [{ type: 'ping' }] },
  {
    name: 'an event of a later version',
    says: {},
    events: (index) => [{ type: 'thing', index, delta: { text: 'no' } }],
  },
  block('a delta of a later version', { type: 'text', text: '' }, [{ type: 'thing_delta', text: 'no' }], {}),
];
