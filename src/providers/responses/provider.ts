import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Provider } from '../provider.ts';
import { createOpenAiProvider } from '../wire/openai-provider.ts';
import { openaiFiles } from '../remote/openai-files.ts';
import { createResponsesReader } from './reader.ts';
import { buildResponsesRequest } from './request.ts';
import { searchesTools } from './tools.ts';

/** A connection by OpenAI's Responses API. */
export async function createResponsesProvider(backend: BackendSpec, deps: { clock: Clock }): Promise<Provider> {
  const provider = await createOpenAiProvider(backend, deps, {
    path: '/responses',
    // The terminal event holds everything; only the end of the body is waited for, so that the connection can be kept.
    drainMs: 250,
    buildBody: buildResponsesRequest,
    createReader: createResponsesReader,
  });
  // Servers that copy the protocol seldom have them.
  const files = backend.type === 'openai' ? openaiFiles(backend, deps) : null;
  return { ...provider, searchesTools: searchesTools(backend), ...(files && { files }) };
}
