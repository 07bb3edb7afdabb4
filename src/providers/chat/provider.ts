import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Provider } from '../provider.ts';
import { createOpenAiProvider } from '../wire/openai-provider.ts';
import { createChatReader } from './reader.ts';
import { buildChatRequest } from './request.ts';

/** A connection by OpenAI's Chat Completions, which most other vendors and local servers speak too. */
export function createChatProvider(backend: BackendSpec, deps: { clock: Clock }): Promise<Provider> {
  return createOpenAiProvider(backend, deps, {
    path: '/chat/completions',
    // After `finish_reason` the usage and `[DONE]` may take a moment.
    drainMs: 10_000,
    buildBody: buildChatRequest,
    createReader: createChatReader,
  });
}
