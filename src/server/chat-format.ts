import type { RunResult } from '../api/result.ts';
import { toErrorBody } from './http-refusal.ts';
import { extension, piecesOf, sseEvent, type ReplyFormat, type ReplyHead, type ReplyStream } from './reply.ts';

/** `POST /v1/chat/completions`. The story of the run goes into `reasoning_content`, as many servers and clients do. */
export const chatFormat: ReplyFormat = {
  whole: (head, { text, progress, result }) => ({
    ...common(head, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, refusal: null, reasoning_content: progress.join('\n') },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: usageOf(result),
    massgen: extension(result),
  }),
  stream: streamChat,
};

function streamChat(head: ReplyHead): ReplyStream {
  const chunk = (delta: object, finishReason: string | null = null, more: object = {}): string =>
    sseEvent({
      ...common(head, 'chat.completion.chunk'),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      ...(head.asked.includeUsage && { usage: null }),
      ...more,
    });
  return {
    begin: () => chunk({ role: 'assistant', content: '' }),
    progress: (line) => chunk({ reasoning_content: `${line}\n` }),
    finish: ({ text, result }) =>
      [
        ...piecesOf(text).map((content) => chunk({ content })),
        chunk({}, 'stop', { massgen: extension(result) }),
        head.asked.includeUsage
          ? sseEvent({ ...common(head, 'chat.completion.chunk'), choices: [], usage: usageOf(result) })
          : '',
        sseEvent('[DONE]'),
      ].join(''),
    fail: (refusal) => sseEvent(toErrorBody(refusal)),
  };
}

function common({ asked, runId, created }: ReplyHead, object: string): object {
  return { id: `chatcmpl-${runId}`, object, created, model: asked.model };
}

/** Everything that the agents used together. */
function usageOf({ usage }: RunResult): object {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cachedInput },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
}
