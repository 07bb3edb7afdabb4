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
import { searchesTools } from './tools.ts';
import { createResponsesReader } from './reader.ts';
import { buildResponsesRequest } from './request.ts';

/** The terminal event holds everything; only the end of the body is waited for, so that the connection can be kept. */
const DRAIN_MS = 250;

/** A connection by OpenAI's Responses API. */
export async function createResponsesProvider(backend: BackendSpec, { clock }: { clock: Clock }): Promise<Provider> {
  const [{ OpenAI }, costUsd] = await Promise.all([import('openai'), loadPrices(backend, clock)]);
  return {
    model: backend.model,
    searchesTools: searchesTools(backend),
    costUsd,
    stream: (request) =>
      runWireCall({
        backend,
        request,
        clock,
        drainMs: DRAIN_MS,
        framing: ANY_FRAMING,
        decode: decodeOpenAiSse,
        reader: forTools(backend, request, createResponsesReader(createCallIds(request.messages))),
        open: async (fetchOnce, signal) => {
          const client = new OpenAI(openaiOptions(backend, fetchOnce));
          // Plain JSON, since items of earlier replies go back exactly as they came.
          const body = buildResponsesRequest(backend, request);
          const asked = client.responses.create(body as unknown as Parameters<typeof client.responses.create>[0], {
            signal,
          });
          // `stream: false` is answered with one JSON object, which the watched `fetch` makes a stream of one event.
          const { body: stream } = await asked.asResponse();
          return sseEvents(stream as unknown as AsyncIterable<Uint8Array>);
        },
      }),
  };
}
