import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import { loadPrices } from '../prices.ts';
import type { Provider } from '../provider.ts';
import { createCallIds } from '../wire/tool-call.ts';
import { wireProvider } from '../wire/wire-provider.ts';
import { geminiFiles } from '../remote/gemini-files.ts';
import { hostOf } from '../wire/request-params.ts';
import { usesComputer } from '../wire/computer-use.ts';
import { createGenAi } from './client.ts';
import { createGeminiReader } from './reader.ts';
import { buildGeminiRequest } from './request.ts';

/** A connection by Google's Gemini API (generateContent). */
export async function createGeminiProvider(backend: BackendSpec, { clock }: { clock: Clock }): Promise<Provider> {
  // The SDK is loaded before it is needed, so that no reply waits for it.
  const [pricing] = await Promise.all([loadPrices(backend, clock), import('@google/genai')]);
  const isStreamed = backend.params.stream !== false;
  const provider = wireProvider(backend, { clock, pricing }, (request) => ({
    // Older models name a finish reason in every chunk, so it does not mean that the end is near.
    drainMs: backend.idleTimeoutMs,
    reader: createGeminiReader(createCallIds(request.messages), {
      // Its actions are functions that nobody here has declared.
      isAction: (name) => usesComputer(backend) && !request.tools.some((tool) => tool.name === name),
    }),
    send: async (fetchOnce, signal) => {
      const client = await createGenAi(backend, isStreamed ? fetchOnce : unstreamed(fetchOnce));
      await client.models.generateContentStream({
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
  // Vertex AI has none.
  const hasFiles = !hostOf(backend.baseUrl).endsWith('aiplatform.googleapis.com');
  return { ...provider, ...(hasFiles && { files: geminiFiles(backend, { clock }) }) };
}

/** For servers that cannot stream: asks for the whole answer, which is then read as a stream of one event. */
function unstreamed(fetchOnce: typeof fetch): typeof fetch {
  return (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    return fetchOnce(url.replace(/:streamGenerateContent\?alt=sse$/, ':generateContent'), init);
  };
}
