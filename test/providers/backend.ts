import type { BackendSpec } from '../../src/config/team.ts';
import type { ModelEvent, ModelRequest, Provider } from '../../src/providers/provider.ts';

/** A backend for tests. The key is none that any server knows. */
export function testBackend(part: Partial<BackendSpec> = {}): BackendSpec {
  return {
    type: 'openai',
    protocol: 'chat',
    model: 'test-model',
    baseUrl: null,
    apiKey: 'test-key-000000',
    apiKeyVariables: ['TEST_API_KEY'],
    headers: {},
    params: {},
    builtinTools: [],
    idleTimeoutMs: 30_000,
    options: {},
    ...part,
  };
}

export function testRequest(part: Partial<ModelRequest> = {}): ModelRequest {
  return {
    messages: [{ role: 'user', text: 'Hello' }],
    tools: [],
    toolChoice: 'auto',
    purpose: 'draft',
    signal: new AbortController().signal,
    ...part,
  };
}

/** All events of one call. */
export async function collect(provider: Provider, request: ModelRequest = testRequest()): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of provider.stream(request)) events.push(event);
  return events;
}
