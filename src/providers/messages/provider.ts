import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import { loadPrices } from '../prices.ts';
import type { Provider } from '../provider.ts';
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
    reader: createMessagesReader(createCallIds(request.messages)),
    send: async (fetchOnce, signal) => {
      const client = await createAnthropic(backend, fetchOnce);
      const body = buildMessagesRequest(backend, request);
      const headers = messagesHeaders(backend, isOfficial(client), betasOf(backend, request, isOfficial(client)));
      // Not by `messages.create`, which writes warnings about models over the screen.
      return client.post('/v1/messages', { body, signal, headers, stream: body.stream !== false }).asResponse();
    },
  }));
  // Compatible servers seldom have them.
  const files = backend.type === 'claude' ? anthropicFiles(backend) : null;
  return { ...provider, searchesTools: searchesTools(backend), ...(files && { files }) };
}
