import type { RunResult } from '../api/result.ts';
import { toErrorBody } from './http-refusal.ts';
import {
  extension,
  piecesOf,
  sseEvent,
  type Answered,
  type ReplyFormat,
  type ReplyHead,
  type ReplyStream,
} from './reply.ts';

/** `POST /v1/responses`. The story of the run is a reasoning item before the message. */
export const responsesFormat: ReplyFormat = {
  whole: (head, answered) => completed(head, answered),
  stream: streamResponse,
};

function streamResponse(head: ReplyHead): ReplyStream {
  let sequence = 0;
  const event = (type: string, data: object): string => sseEvent({ type, sequence_number: sequence++, ...data }, type);
  const ids = { reasoning: `rs_${head.runId}`, message: `msg_${head.runId}` };
  const atReasoning = { item_id: ids.reasoning, output_index: 0, summary_index: 0 };
  const atText = { item_id: ids.message, output_index: 1, content_index: 0 };
  return {
    begin: () => {
      const response = { ...common(head), status: 'in_progress', output: [], usage: null };
      return [
        event('response.created', { response }),
        event('response.in_progress', { response }),
        event('response.output_item.added', { output_index: 0, item: reasoningItem(head, []) }),
        event('response.reasoning_summary_part.added', { ...atReasoning, part: { type: 'summary_text', text: '' } }),
      ].join('');
    },
    progress: (line) => event('response.reasoning_summary_text.delta', { ...atReasoning, delta: `${line}\n` }),
    finish: (answered) => {
      const { text, progress } = answered;
      const story = storyOf(progress);
      const item = messageItem(head, text);
      return [
        event('response.reasoning_summary_text.done', { ...atReasoning, text: story }),
        event('response.reasoning_summary_part.done', { ...atReasoning, part: { type: 'summary_text', text: story } }),
        event('response.output_item.done', { output_index: 0, item: reasoningItem(head, progress) }),
        event('response.output_item.added', {
          output_index: 1,
          item: { ...item, status: 'in_progress', content: [] },
        }),
        event('response.content_part.added', { ...atText, part: textPart('') }),
        ...piecesOf(text).map((delta) => event('response.output_text.delta', { ...atText, delta, logprobs: [] })),
        event('response.output_text.done', { ...atText, text, logprobs: [] }),
        event('response.content_part.done', { ...atText, part: textPart(text) }),
        event('response.output_item.done', { output_index: 1, item }),
        event('response.completed', { response: completed(head, answered) }),
      ].join('');
    },
    fail: (refusal) => {
      const { message, code } = toErrorBody(refusal).error;
      const response = { ...common(head), status: 'failed', output: [], usage: null, error: { code, message } };
      return event('response.failed', { response });
    },
  };
}

function completed(head: ReplyHead, { text, progress, result }: Answered): object {
  return {
    ...common(head),
    status: 'completed',
    output: [reasoningItem(head, progress), messageItem(head, text)],
    usage: usageOf(result),
    massgen: extension(result),
  };
}

function common({ asked, runId, created }: ReplyHead): object {
  return {
    id: `resp_${runId}`,
    object: 'response',
    created_at: created,
    model: asked.model,
    error: null,
    incomplete_details: null,
    instructions: asked.instruction ?? null,
    metadata: {},
    parallel_tool_calls: false,
    previous_response_id: null,
    store: false,
    temperature: null,
    tool_choice: 'none',
    tools: [],
    top_p: null,
  };
}

function reasoningItem({ runId }: ReplyHead, progress: readonly string[]): object {
  const summary = progress.length === 0 ? [] : [{ type: 'summary_text', text: storyOf(progress) }];
  return { type: 'reasoning', id: `rs_${runId}`, summary };
}

function messageItem({ runId }: ReplyHead, text: string): object {
  return { type: 'message', id: `msg_${runId}`, role: 'assistant', status: 'completed', content: [textPart(text)] };
}

function textPart(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

function storyOf(progress: readonly string[]): string {
  return progress.map((line) => `${line}\n`).join('');
}

/** Everything that the agents used together. */
function usageOf({ usage }: RunResult): object {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cachedInput },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: usage.input + usage.output,
  };
}
