import type { Part, Says } from './part.ts';

/** An item that is announced, told of by events between, and completed. */
function item(
  name: string,
  done: Record<string, unknown>,
  says: Says,
  between: (at: number) => object[] = () => [],
): Part {
  const { type, id } = done;
  return {
    name,
    item: done,
    says,
    events: (at) => [
      { type: 'response.output_item.added', output_index: at, item: { type, id, status: 'in_progress' } },
      ...between(at).map((event) => ({ output_index: at, item_id: id, ...event })),
      { type: 'response.output_item.done', output_index: at, item: done },
    ],
  };
}

function call(kind: 'function_call' | 'custom_tool_call', id: string, pieces: readonly string[], args: unknown): Part {
  const isCustom = kind === 'custom_tool_call';
  const field = isCustom ? 'input' : 'arguments';
  const type = isCustom ? 'response.custom_tool_call_input' : 'response.function_call_arguments';
  const whole = pieces.join('');
  const done = { type: kind, id: `fc_${id}`, call_id: id, name: `do_${id}`, [field]: whole };
  const begun = { ...done, [field]: '' };
  return {
    name: `${kind} ${id}`,
    item: done,
    says: { calls: [{ id, name: `do_${id}`, args }] },
    events: (at) => [
      { type: 'response.output_item.added', output_index: at, item: begun },
      ...pieces.map((delta) => ({ type: `${type}.delta`, output_index: at, delta })),
      { type: `${type}.done`, output_index: at, [field]: whole },
      { type: 'response.output_item.done', output_index: at, item: done },
    ],
  };
}

/** Uses of tools by their stages, each an event that says nothing of its own. */
const stages =
  (prefix: string, ...names: string[]) =>
  (): object[] =>
    names.map((name) => ({ type: `response.${prefix}.${name}` }));

const textPart = (text: string, annotations: object[] = []): object => ({ type: 'output_text', text, annotations });

export const RESPONSES_PARTS: readonly Part[] = [
  item(
    'text in pieces, with a page, a document and a file of a container',
    {
      type: 'message',
      id: 'msg_1',
      phase: 'final_answer',
      content: [
        textPart('Grüße 🌍', [
          { type: 'url_citation', url: 'https://a.example', title: 'A', start_index: 0, end_index: 1 },
          { type: 'file_citation', file_id: 'file_1', filename: 'notes.md', index: 1 },
          { type: 'container_file_citation', container_id: 'cntr_1', file_id: 'cfile_1', filename: 'plot.png' },
        ]),
      ],
    },
    { text: 'Grüße 🌍', citations: ['https://a.example'], files: ['file_1', 'cfile_1'] },
    () => [
      { type: 'response.content_part.added', content_index: 0, part: textPart('') },
      { type: 'response.output_text.delta', content_index: 0, delta: 'Grü', logprobs: [], obfuscation: 'xx' },
      { type: 'response.output_text.delta', content_index: 0, delta: 'ße 🌍', logprobs: [] },
      {
        type: 'response.output_text.annotation.added',
        content_index: 0,
        annotation_index: 0,
        annotation: { type: 'url_citation', url: 'https://a.example', title: 'A' },
      },
      { type: 'response.output_text.done', content_index: 0, text: 'Grüße 🌍' },
      { type: 'response.content_part.done', content_index: 0, part: textPart('Grüße 🌍') },
    ],
  ),
  item(
    'text in two parts',
    { type: 'message', id: 'msg_2', content: [textPart('one '), textPart('two')] },
    { text: 'one two' },
    () => [
      { type: 'response.output_text.delta', content_index: 0, delta: 'one ' },
      { type: 'response.output_text.delta', content_index: 1, delta: 'two' },
      { type: 'response.output_text.done', content_index: 1, text: 'two' },
    ],
  ),
  item('text that comes whole', { type: 'message', id: 'msg_3', content: [textPart('whole')] }, { text: 'whole' }),
  item(
    'a refusal in pieces',
    { type: 'message', id: 'msg_4', content: [{ type: 'refusal', refusal: 'I cannot.' }] },
    { refusal: 'I cannot.' },
    () => [
      { type: 'response.refusal.delta', content_index: 0, delta: 'I can' },
      { type: 'response.refusal.delta', content_index: 0, delta: 'not.' },
      { type: 'response.refusal.done', content_index: 0, refusal: 'I cannot.' },
    ],
  ),
  item(
    'a summary of reasoning in two parts',
    {
      type: 'reasoning',
      id: 'rs_1',
      summary: [
        { type: 'summary_text', text: 'First.' },
        { type: 'summary_text', text: 'Then.' },
      ],
      encrypted_content: 'abc',
    },
    { reasoning: 'First.Then.' },
    () => [
      { type: 'response.reasoning_summary_part.added', summary_index: 0, part: { type: 'summary_text', text: '' } },
      { type: 'response.reasoning_summary_text.delta', summary_index: 0, delta: 'First.' },
      { type: 'response.reasoning_summary_text.done', summary_index: 0, text: 'First.' },
      { type: 'response.reasoning_summary_part.done', summary_index: 0 },
      { type: 'response.reasoning_summary_text.delta', summary_index: 1, delta: 'Then.' },
      { type: 'response.reasoning_summary_text.done', summary_index: 1, text: 'Then.' },
    ],
  ),
  item(
    'raw reasoning',
    { type: 'reasoning', id: 'rs_2', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] },
    { reasoning: 'Hm.' },
    () => [
      { type: 'response.reasoning_text.delta', content_index: 0, delta: 'H' },
      { type: 'response.reasoning_text.delta', content_index: 0, delta: 'm.' },
      { type: 'response.reasoning_text.done', content_index: 0, text: 'Hm.' },
    ],
  ),
  call('function_call', 'call_1', ['{"a"', ':', '1}'], { a: 1 }),
  call('function_call', 'call_2', ['{}'], {}),
  call('custom_tool_call', 'call_3', ['SELECT', ' 1'], 'SELECT 1'),
  item(
    'a search of the web',
    { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'x' } },
    { builtin: ['web_search_call'] },
    stages('web_search_call', 'in_progress', 'searching', 'completed'),
  ),
  item(
    'a search of files',
    { type: 'file_search_call', id: 'fs_1', status: 'completed', queries: ['x'], results: null },
    { builtin: ['file_search_call'] },
    stages('file_search_call', 'in_progress', 'searching', 'completed'),
  ),
  item(
    'code',
    {
      type: 'code_interpreter_call',
      id: 'ci_1',
      status: 'completed',
      code: 'print(1)',
      container_id: 'cntr_1',
      outputs: [{ type: 'logs', logs: '1' }],
    },
    { builtin: ['code_interpreter_call'] },
    () => [
      { type: 'response.code_interpreter_call.in_progress' },
      { type: 'response.code_interpreter_call_code.delta', delta: 'print(1)' },
      { type: 'response.code_interpreter_call_code.done', code: 'print(1)' },
      { type: 'response.code_interpreter_call.interpreting' },
      { type: 'response.code_interpreter_call.completed' },
    ],
  ),
  item(
    'a picture, with drafts of it',
    { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'QUJD', output_format: 'webp' },
    { builtin: ['image_generation_call'], files: ['ig_1'] },
    () => [
      { type: 'response.image_generation_call.in_progress' },
      { type: 'response.image_generation_call.generating' },
      { type: 'response.image_generation_call.partial_image', partial_image_index: 0, partial_image_b64: 'QQ==' },
      { type: 'response.image_generation_call.completed' },
    ],
  ),
  item(
    'tools of a hosted server',
    { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 's', tools: [{ name: 'a', input_schema: {} }] },
    { builtin: ['mcp_list_tools'] },
    stages('mcp_list_tools', 'in_progress', 'completed'),
  ),
  item(
    'a call of a hosted server',
    { type: 'mcp_call', id: 'mcp_1', server_label: 's', name: 'ask', arguments: '{"q":1}', output: 'yes', error: null },
    { builtin: ['mcp_call'] },
    () => [
      { type: 'response.mcp_call.in_progress' },
      { type: 'response.mcp_call_arguments.delta', delta: '{"q"' },
      { type: 'response.mcp_call_arguments.done', arguments: '{"q":1}' },
      { type: 'response.mcp_call.completed' },
    ],
  ),
  item(
    'a call of a hosted server that failed',
    {
      type: 'mcp_call',
      id: 'mcp_2',
      server_label: 's',
      name: 'ask',
      arguments: '{}',
      output: null,
      status: 'failed',
      error: { type: 'mcp_tool_execution_error', content: [{ type: 'text', text: 'no' }] },
    },
    { builtin: ['mcp_call'] },
    stages('mcp_call', 'in_progress', 'failed'),
  ),
  item(
    'a hosted server that wants leave',
    { type: 'mcp_approval_request', id: 'mcpr_1', server_label: 's', name: 'ask', arguments: '{}' },
    { builtin: ['mcp_approval_request'] },
  ),
  item(
    'what a model does with a computer',
    {
      type: 'computer_call',
      id: 'cu_1',
      call_id: 'call_cu',
      status: 'completed',
      pending_safety_checks: [],
      actions: [{ type: 'screenshot' }],
    },
    { builtin: ['computer_call'] },
  ),
  item(
    'commands of a shell',
    { type: 'shell_call', id: 'sh_1', call_id: 'call_sh', status: 'completed', action: { commands: ['ls', 'pwd'] } },
    { builtin: ['shell_call'] },
    () => [
      { type: 'response.shell_call_command.added', command_index: 0, command: '' },
      { type: 'response.shell_call_command.delta', command_index: 0, delta: 'ls' },
      { type: 'response.shell_call_command.done', command_index: 0, command: 'ls' },
    ],
  ),
  item(
    'what a shell printed',
    {
      type: 'shell_call_output',
      id: 'sho_1',
      call_id: 'call_sh',
      output: [{ stdout: 'a', stderr: '', outcome: { type: 'exit', exit_code: 0 } }],
    },
    { builtin: ['shell_call_output'] },
    () => [
      { type: 'response.shell_call_output_content.delta', command_index: 0, delta: { stdout: 'a' } },
      { type: 'response.shell_call_output_content.done', command_index: 0, output: [] },
    ],
  ),
  item(
    'a command of the old shell',
    { type: 'local_shell_call', id: 'ls_1', call_id: 'call_ls', action: { type: 'exec', command: ['ls', '-l'] } },
    { builtin: ['local_shell_call'] },
  ),
  item(
    'a patch',
    {
      type: 'apply_patch_call',
      id: 'ap_1',
      call_id: 'call_ap',
      status: 'completed',
      operation: { type: 'update_file', path: 'a.ts', diff: '@@' },
    },
    { builtin: ['apply_patch_call'] },
    () => [
      { type: 'response.apply_patch_call_operation_diff.delta', delta: '@@' },
      { type: 'response.apply_patch_call_operation_diff.done', diff: '@@' },
    ],
  ),
  item(
    'a search of tools',
    { type: 'tool_search_call', id: 'ts_1', call_id: null, execution: 'server', arguments: { query: 'x' } },
    { builtin: ['tool_search_call'] },
  ),
  item(
    'tools that were found',
    { type: 'tool_search_output', id: 'tso_1', call_id: null, execution: 'server', tools: [{ name: 'a' }] },
    { builtin: ['tool_search_output'] },
  ),
  item(
    'a program',
    { type: 'program', id: 'pr_1', call_id: 'pc', code: 'x()', fingerprint: 'f' },
    { builtin: ['program'] },
  ),
  item(
    'what a program gave back',
    { type: 'program_output', id: 'po_1', call_id: 'pc', result: '1', status: 'completed' },
    { builtin: ['program_output'] },
  ),
  item(
    'a conversation that was summed up',
    { type: 'compaction', id: 'cmp_1', encrypted_content: 'abc' },
    { builtin: ['compaction'] },
    stages('compaction', 'compacting'),
  ),
  {
    name: 'words that are spoken',
    says: { text: 'spoken' },
    events: () => [
      { type: 'response.audio.delta', delta: 'AAAA' },
      { type: 'response.audio.transcript.delta', delta: 'spoken' },
      { type: 'response.audio.transcript.done' },
      { type: 'response.audio.done' },
    ],
  },
  {
    name: 'events of a later version',
    says: {},
    events: (at) => [
      { type: 'response.steer.accepted' },
      { type: 'response.thing.added', output_index: at, delta: 'never said' },
    ],
  },
];
