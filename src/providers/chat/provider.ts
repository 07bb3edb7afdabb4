import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import { loadPrices } from '../prices.ts';
import type { Provider } from '../provider.ts';
import { ANY_FRAMING } from '../wire/clean-events.ts';
import { runWireCall } from '../wire/model-call.ts';
import { openaiOptions, openWhole } from '../wire/openai-options.ts';
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
        reader: createChatReader(createCallIds(request.messages)),
        open: async (fetchOnce, signal) => {
          const client = new OpenAI(openaiOptions(backend, fetchOnce));
          const body = buildChatRequest(backend, request);
          // The answer, one JSON object, is read as a stream of one event.
          if (body.stream === false) return openWhole(client, '/chat/completions', body, signal);
          // The body is built as plain JSON: other vendors take fields that OpenAI's types do not know.
          return client.chat.completions.create(
            body as unknown as Parameters<typeof client.chat.completions.create>[0] & { stream: true },
            { signal },
          );
        },
      }),
  };
}
