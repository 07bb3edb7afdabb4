import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import { loadPrices } from '../prices.ts';
import type { Provider } from '../provider.ts';
import type { Framing } from '../wire/clean-events.ts';
import { decodeSse } from '../wire/decode-sse.ts';
import { stringAt, parseJson } from '../wire/json-fields.ts';
import { sseEvents } from '../wire/sse-events.ts';
import { hostOf } from '../wire/request-params.ts';
import { lowerCased, NO_TIMEOUT_MS } from '../wire/sdk-settings.ts';
import { createCallIds } from '../wire/tool-call.ts';
import { wireProvider } from '../wire/wire-provider.ts';
import { createMessagesReader } from './reader.ts';
import { betasOf, searchesTools } from './tools.ts';
import { buildMessagesRequest } from './request.ts';

/** The terminal event holds everything; only the end of the body is waited for, so that the connection can be kept. */
const DRAIN_MS = 250;

/** The version that gateways and compatible servers know. Anthropic's own address gets what the SDK sends. */
const COMMON_VERSION = '2023-06-01';

/** A connection by Anthropic's Messages API. */
export async function createMessagesProvider(backend: BackendSpec, { clock }: { clock: Clock }): Promise<Provider> {
  const [{ Anthropic }, pricing] = await Promise.all([import('@anthropic-ai/sdk'), loadPrices(backend, clock)]);
  const provider = wireProvider(backend, { clock, pricing }, (request) => ({
    drainMs: DRAIN_MS,
    framing: NAMED,
    decode: decodeSse,
    reader: createMessagesReader(createCallIds(request.messages)),
    open: async (fetchOnce, signal) => {
      const client = new Anthropic({
        // A key given here keeps the SDK from looking for profiles and tokens elsewhere.
        apiKey: backend.apiKey ?? 'none',
        ...(backend.baseUrl !== null && { baseURL: withoutVersion(backend.baseUrl) }),
        fetch: fetchOnce,
        maxRetries: 0,
        timeout: NO_TIMEOUT_MS,
        logLevel: 'off',
      });
      const isOfficial = hostOf(client.baseURL) === 'api.anthropic.com';
      const body = buildMessagesRequest(backend, request);
      const headers = messagesHeaders(backend, isOfficial);
      // Not by `messages.create`, which writes warnings about models over the screen.
      const asked = client.post('/v1/messages', { body, signal, headers, stream: body.stream !== false });
      // `stream: false` is answered with one JSON object, which the watched `fetch` makes a stream of one event.
      const { body: stream } = await asked.asResponse();
      return sseEvents(stream as unknown as AsyncIterable<Uint8Array>);
    },
  }));
  return { ...provider, searchesTools: searchesTools(backend) };
}

/** Headers besides the SDK's; null removes one of the SDK's. The user's own headers win. */
function messagesHeaders(backend: BackendSpec, isOfficial: boolean): Record<string, string | null> {
  const headers: Record<string, string | null> = {};
  const style = backend.authStyle ?? (isOfficial ? 'bearer' : 'x-api-key');
  if (backend.apiKey === null || style !== 'bearer') headers.authorization = null;
  if (backend.apiKey !== null && style !== 'bearer') headers[style] = backend.apiKey;
  if (backend.apiVersion !== undefined) headers['anthropic-version'] = backend.apiVersion;
  else if (!isOfficial) headers['anthropic-version'] = COMMON_VERSION;
  const betas = betasOf(backend, isOfficial);
  if (betas.length > 0) headers['anthropic-beta'] = betas.join(',');
  return { ...headers, ...lowerCased(backend.headers) };
}

/** The SDK puts `/v1` before every path itself. */
function withoutVersion(baseUrl: string): string {
  return baseUrl.replace(/\/v1\/?$/, '');
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
