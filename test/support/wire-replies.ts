/** The four protocols of model servers. */
export type WireProtocol = 'responses' | 'chat' | 'messages' | 'gemini';

/** A model's reply, to be written in any protocol. */
export interface WireReply {
  /** A list is streamed piece by piece. */
  text?: string | readonly string[];
  reasoning?: string | readonly string[];
  calls?: readonly WireCallReply[];
  /** `reasoning` is a share of `output`, `cached` of `input`. Default 10 and 5. */
  usage?: { input: number; output: number; cached?: number; reasoning?: number };
  /** The model ran out of tokens. */
  isCut?: boolean;
}

export interface WireCallReply {
  /** `call_1`, `call_2` … when absent. */
  id?: string;
  name: string;
  /** A text is sent as it is, valid or not (Gemini, which knows no broken arguments, then gets an empty object). */
  args: Record<string, unknown> | string;
}

/** The events of a whole, valid stream, each with its blank line. */
export function replyStream(protocol: WireProtocol, reply: WireReply): string[] {
  const { input = 10, output = 5, cached = 0, reasoning = 0 } = reply.usage ?? {};
  const plain: PlainReply = {
    text: pieces(reply.text),
    reasoning: pieces(reply.reasoning),
    calls: (reply.calls ?? []).map((call, i) => ({
      id: call.id ?? `call_${i + 1}`,
      name: call.name,
      args: typeof call.args === 'string' ? call.args : JSON.stringify(call.args),
    })),
    usage: { input, output, cached, reasoning },
    isCut: reply.isCut ?? false,
  };
  switch (protocol) {
    case 'responses':
      return responses(plain);
    case 'chat':
      return chat(plain);
    case 'messages':
      return messages(plain);
    case 'gemini':
      return gemini(plain);
  }
}

interface PlainReply {
  text: string[];
  reasoning: string[];
  calls: { id: string; name: string; args: string }[];
  usage: { input: number; output: number; cached: number; reasoning: number };
  isCut: boolean;
}

function pieces(text: string | readonly string[] | undefined): string[] {
  if (text === undefined) return [];
  return typeof text === 'string' ? [text] : [...text];
}

/** One event: `event:` with its type where the protocol names events, then `data:`. */
export function sseEvent(data: unknown, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

function responses(reply: PlainReply): string[] {
  const out: string[] = [];
  const output: object[] = [];
  const push = (type: string, data: object): void => {
    out.push(sseEvent({ type, sequence_number: out.length, ...data }, type));
  };
  const item = (before: object, middle: () => void, after: object): void => {
    push('response.output_item.added', { output_index: output.length, item: before });
    middle();
    push('response.output_item.done', { output_index: output.length, item: after });
    output.push(after);
  };
  push('response.created', { response: { id: 'resp_1', object: 'response', status: 'in_progress', output: [] } });
  if (reply.reasoning.length > 0) {
    const shell = { id: 'rs_1', type: 'reasoning', summary: [] };
    const summary = [{ type: 'summary_text', text: reply.reasoning.join('') }];
    item(
      shell,
      () => {
        for (const delta of reply.reasoning) {
          push('response.reasoning_summary_text.delta', { output_index: 0, summary_index: 0, item_id: 'rs_1', delta });
        }
      },
      { ...shell, summary, encrypted_content: 'c2VhbGVk' },
    );
  }
  if (reply.text.length > 0) {
    const shell = { id: 'msg_1', type: 'message', role: 'assistant', content: [] as object[] };
    const place = { output_index: output.length, content_index: 0, item_id: 'msg_1' };
    item(
      { ...shell, status: 'in_progress' },
      () => {
        for (const delta of reply.text) push('response.output_text.delta', { ...place, delta });
      },
      {
        ...shell,
        status: 'completed',
        content: [{ type: 'output_text', text: reply.text.join(''), annotations: [] }],
      },
    );
  }
  for (const call of reply.calls) {
    const shell = { id: `fc_${call.id}`, type: 'function_call', call_id: call.id, name: call.name };
    const place = { output_index: output.length, item_id: shell.id };
    item(
      { ...shell, arguments: '', status: 'in_progress' },
      () => push('response.function_call_arguments.delta', { ...place, delta: call.args }),
      { ...shell, arguments: call.args, status: 'completed' },
    );
  }
  const status = reply.isCut ? 'incomplete' : 'completed';
  push(`response.${status}`, {
    response: {
      id: 'resp_1',
      object: 'response',
      status,
      output,
      ...(reply.isCut && { incomplete_details: { reason: 'max_output_tokens' } }),
      usage: {
        input_tokens: reply.usage.input,
        input_tokens_details: { cached_tokens: reply.usage.cached },
        output_tokens: reply.usage.output,
        output_tokens_details: { reasoning_tokens: reply.usage.reasoning },
        total_tokens: reply.usage.input + reply.usage.output,
      },
    },
  });
  return out;
}

function chat(reply: PlainReply): string[] {
  const chunk = (choices: object[], more: object = {}): string =>
    sseEvent({ id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'test-model', choices, ...more });
  const delta = (value: object): string => chunk([{ index: 0, delta: value, finish_reason: null }]);
  const finish = reply.isCut ? 'length' : reply.calls.length > 0 ? 'tool_calls' : 'stop';
  return [
    delta({ role: 'assistant', content: '' }),
    ...reply.reasoning.map((piece) => delta({ reasoning_content: piece })),
    ...reply.text.map((piece) => delta({ content: piece })),
    ...reply.calls.flatMap((call, index) => [
      delta({ tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }] }),
      delta({ tool_calls: [{ index, function: { arguments: call.args } }] }),
    ]),
    chunk([{ index: 0, delta: {}, finish_reason: finish }]),
    chunk([], {
      usage: {
        prompt_tokens: reply.usage.input,
        prompt_tokens_details: { cached_tokens: reply.usage.cached },
        completion_tokens: reply.usage.output,
        completion_tokens_details: { reasoning_tokens: reply.usage.reasoning },
        total_tokens: reply.usage.input + reply.usage.output,
      },
    }),
    sseEvent('[DONE]'),
  ];
}

function messages(reply: PlainReply): string[] {
  const out: string[] = [];
  const push = (data: { type: string } & Record<string, unknown>): void => {
    out.push(sseEvent(data, data.type));
  };
  let index = 0;
  const block = (content_block: object, deltas: object[]): void => {
    push({ type: 'content_block_start', index, content_block });
    for (const delta of deltas) push({ type: 'content_block_delta', index, delta });
    push({ type: 'content_block_stop', index });
    index += 1;
  };
  const { input, output, cached } = reply.usage;
  const counts = { input_tokens: input - cached, cache_read_input_tokens: cached, cache_creation_input_tokens: 0 };
  push({
    type: 'message_start',
    message: { id: 'msg_1', type: 'message', role: 'assistant', content: [], usage: { ...counts, output_tokens: 1 } },
  });
  if (reply.reasoning.length > 0) {
    block({ type: 'thinking', thinking: '', signature: '' }, [
      ...reply.reasoning.map((thinking) => ({ type: 'thinking_delta', thinking })),
      { type: 'signature_delta', signature: 'c2lnbmVk' },
    ]);
  }
  if (reply.text.length > 0) {
    block(
      { type: 'text', text: '' },
      reply.text.map((text) => ({ type: 'text_delta', text })),
    );
  }
  for (const call of reply.calls) {
    block({ type: 'tool_use', id: call.id, name: call.name, input: {} }, [
      { type: 'input_json_delta', partial_json: call.args },
    ]);
  }
  const stop_reason = reply.isCut ? 'max_tokens' : reply.calls.length > 0 ? 'tool_use' : 'end_turn';
  push({
    type: 'message_delta',
    delta: { stop_reason, stop_sequence: null },
    usage: {
      ...counts,
      output_tokens: output,
      ...(reply.usage.reasoning > 0 && { output_tokens_details: { thinking_tokens: reply.usage.reasoning } }),
    },
  });
  push({ type: 'message_stop' });
  return out;
}

function gemini(reply: PlainReply): string[] {
  const parts: object[] = [
    ...reply.reasoning.map((text) => ({ text, thought: true })),
    ...reply.text.map((text) => ({ text })),
    ...reply.calls.map((call, at) => ({
      functionCall: { id: call.id, name: call.name, args: parseObject(call.args) },
      // Gemini signs the first call of a reply.
      ...(at === 0 && { thoughtSignature: 'c2lnbmVk' }),
    })),
  ];
  const { input, output, cached, reasoning } = reply.usage;
  const chunk = (candidate: object, more: object = {}): string =>
    sseEvent({ candidates: [{ index: 0, ...candidate }], ...more, modelVersion: 'test-model', responseId: 'r1' });
  return [
    ...parts.map((part) => chunk({ content: { role: 'model', parts: [part] } })),
    chunk(
      { content: { role: 'model', parts: [{ text: '' }] }, finishReason: reply.isCut ? 'MAX_TOKENS' : 'STOP' },
      {
        usageMetadata: {
          promptTokenCount: input,
          candidatesTokenCount: output - reasoning,
          ...(reasoning > 0 && { thoughtsTokenCount: reasoning }),
          ...(cached > 0 && { cachedContentTokenCount: cached }),
          totalTokenCount: input + output,
        },
      },
    ),
  ];
}

function parseObject(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}
