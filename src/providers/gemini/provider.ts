import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import { loadPrices } from '../prices.ts';
import type { Provider } from '../provider.ts';
import type { Framing } from '../wire/clean-events.ts';
import { createCallIds } from '../wire/tool-call.ts';
import { wireProvider } from '../wire/wire-provider.ts';
import { quietly } from './quietly.ts';
import { createGeminiReader } from './reader.ts';
import { buildGeminiRequest } from './request.ts';

const DEFAULT_API_VERSION = 'v1beta';

/** A connection by Google's Gemini API (generateContent). */
export async function createGeminiProvider(backend: BackendSpec, { clock }: { clock: Clock }): Promise<Provider> {
  const [{ GoogleGenAI }, pricing] = await Promise.all([import('@google/genai'), loadPrices(backend, clock)]);
  const address = geminiAddress(backend.baseUrl);
  const isStreamed = backend.params.stream !== false;
  return wireProvider(backend, { clock, pricing }, (request) => ({
    // Older models name a finish reason in every chunk, so it does not mean that the end is near.
    drainMs: backend.idleTimeoutMs,
    framing: BARE,
    reader: createGeminiReader(createCallIds(request.messages)),
    open: async (fetchOnce, signal) => {
      const client = quietly(
        () =>
          new GoogleGenAI({
            apiKey: backend.apiKey ?? 'none',
            // Said outright, so that no variable of the environment turns the call to another service.
            enterprise: false,
            httpOptions: {
              ...address,
              headers: backend.headers,
              fetch: withToken(backend, isStreamed ? fetchOnce : unstreamed(fetchOnce)),
            },
          }),
      );
      return client.models.generateContentStream({
        model: backend.model,
        // Replaced by `extraBody`: the SDK's own conversion drops fields that it does not know, and parts of
        // earlier replies must go back exactly as they came.
        contents: [{ role: 'user', parts: [{ text: '-' }] }],
        config: {
          abortSignal: signal,
          automaticFunctionCalling: { disable: true },
          // It would make further requests.
          automaticContinuation: false,
          httpOptions: { extraBody: buildGeminiRequest(backend, request) },
        },
      });
    },
  }));
}

/** Vertex AI and gateways want an access token where the SDK sends a key. */
function withToken({ apiKey, authStyle }: BackendSpec, fetchOnce: typeof fetch): typeof fetch {
  if (authStyle === undefined) return fetchOnce;
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.delete('x-goog-api-key');
    const [name, value] = authStyle === 'bearer' ? ['authorization', `Bearer ${apiKey}`] : [authStyle, apiKey];
    if (apiKey !== null && !headers.has(name ?? '')) headers.set(name ?? '', value ?? '');
    return fetchOnce(input, { ...init, headers });
  };
}

/** For servers that cannot stream: asks for the whole answer, which is then read as a stream of one event. */
function unstreamed(fetchOnce: typeof fetch): typeof fetch {
  return (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    return fetchOnce(url.replace(/:streamGenerateContent\?alt=sse$/, ':generateContent'), init);
  };
}

/** The SDK wants the API version, and all that follows it (Vertex: project and place), apart from the address. */
function geminiAddress(baseUrl: string | null): { baseUrl?: string; apiVersion: string } {
  if (baseUrl === null) return { apiVersion: DEFAULT_API_VERSION };
  const match = /^(.*?)\/(v\d+(?:alpha|beta)?\d*(?:\/projects\/.+?)?)\/?$/.exec(baseUrl);
  if (match) return { baseUrl: match[1] ?? baseUrl, apiVersion: match[2] ?? DEFAULT_API_VERSION };
  return { baseUrl: baseUrl.replace(/\/+$/, ''), apiVersion: DEFAULT_API_VERSION };
}

/** The SDK loses events with an `event:` line, and breaks at an end mark. */
const BARE: Framing = {
  frame: (event) => (event.data.trim() === '[DONE]' ? null : { event: null, data: event.data }),
  plain: /^(?:data: [^\r\n]*\n\n)+$/,
};
