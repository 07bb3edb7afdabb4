import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import { loadPrices } from '../prices.ts';
import type { Provider } from '../provider.ts';
import type { Framing } from '../wire/clean-events.ts';
import { decodeSse } from '../wire/decode-sse.ts';
import { stringAt, parseJson } from '../wire/json-fields.ts';
import { sseEvents } from '../wire/sse-events.ts';
import { createCallIds } from '../wire/tool-call.ts';
import { wireProvider } from '../wire/wire-provider.ts';
import { anthropicFiles } from '../remote/anthropic-files.ts';
import { createAnthropic, isOfficial, messagesHeaders } from './client.ts';
import { createMessagesReader } from './reader.ts';
import { betasOf, searchesTools } from './tools.ts';
import { buildMessagesRequest } from './request.ts';

/** The terminal event holds everything; only the end of the body is waited for, so that the connection can be kept. */
const DRAIN_MS = 250;

/** A connection by Anthropic's Messages API. */
export async function createMessagesProvider(backend: BackendSpec, { clock }: { clock: Clock }): Promise<Provider> {
  // The SDK is loaded before it is needed, so that no reply waits for it.
  const [pricing] = await Promise.all([loadPrices(backend, clock), import('@anthropic-ai/sdk')]);
  const provider = wireProvider(backend, { clock, pricing }, (request) => ({
    drainMs: DRAIN_MS,
    framing: NAMED,
    decode: decodeSse,
    reader: createMessagesReader(createCallIds(request.messages)),
    open: async (fetchOnce, signal) => {
      const client = await createAnthropic(backend, fetchOnce);
      const body = buildMessagesRequest(backend, request);
      const headers = messagesHeaders(backend, isOfficial(client), betasOf(backend, request, isOfficial(client)));
      // Not by `messages.create`, which writes warnings about models over the screen.
      const asked = client.post('/v1/messages', { body, signal, headers, stream: body.stream !== false });
      // `stream: false` is answered with one JSON object, which the watched `fetch` makes a stream of one event.
      const { body: stream } = await asked.asResponse();
      return sseEvents(stream as unknown as AsyncIterable<Uint8Array>);
    },
  }));
  // Compatible servers seldom have them.
  const files = backend.type === 'claude' ? anthropicFiles(backend) : null;
  return { ...provider, searchesTools: searchesTools(backend), ...(files && { files }) };
}

/** The SDK drops events without a name, but compatible servers may leave it out: it also stands in the data. */
const NAMED: Framing = {
  frame(event) {
    if (event.event !== null) return event;
    const type = stringAt(parseJson(event.data), 'type');
    return type === null ? null : { event: type, data: event.data };
  },
  plain: /^(?:event: [^\r\n]+\ndata: [^\r\n]*\n\n)+$/,
};
