import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import { loadPrices } from '../prices.ts';
import type { Provider } from '../provider.ts';
import { ANY_FRAMING } from '../wire/clean-events.ts';
import { decodeOpenAiSse } from '../wire/decode-sse.ts';
import { runWireCall } from '../wire/model-call.ts';
import { openaiOptions } from '../wire/openai-options.ts';
import { sseEvents } from '../wire/sse-events.ts';
import { forTools } from '../wire/drop-nulls.ts';
import { createCallIds } from '../wire/tool-call.ts';
import { createChatReader } from './reader.ts';
import { buildChatRequest } from './request.ts';

/** After `finish_reason` the usage and `[DONE]` may take a moment. */
const DRAIN_MS = 10_000;

/** A connection by OpenAI's Chat Completions, which most other vendors and local servers speak too. */
export async function createChatProvider(backend: BackendSpec, { clock }: { clock: Clock }): Promise<Provider> {
  const [{ OpenAI }, costUsd] = await Promise.all([import('openai'), loadPrices(backend, clock)]);
  return {
    model: backend.model,
    costUsd,
    stream: (request) =>
      runWireCall({
        backend,
        request,
        clock,
        drainMs: DRAIN_MS,
        framing: ANY_FRAMING,
        decode: decodeOpenAiSse,
        reader: forTools(backend, request, createChatReader(createCallIds(request.messages))),
        open: async (fetchOnce, signal) => {
          const client = new OpenAI(openaiOptions(backend, fetchOnce));
          // The body is built as plain JSON: other vendors take fields that OpenAI's types do not know.
          const body = buildChatRequest(backend, request);
          const asked = client.chat.completions.create(
            body as unknown as Parameters<typeof client.chat.completions.create>[0],
            { signal },
          );
          // `stream: false` is answered with one JSON object, which the watched `fetch` makes a stream of one event.
          const { body: stream } = await asked.asResponse();
          return sseEvents(stream as unknown as AsyncIterable<Uint8Array>);
        },
      }),
  };
}
