import { assertNever } from '../events/event.ts';
import type { BackendSpec } from '../config/team.ts';
import type { Clock } from '../platform/clock.ts';
import type { Provider } from './provider.ts';

/**
 * Connects to a backend. Loads only what its protocol needs (an SDK costs 50 to 300 ms), and makes no request: a
 * wrong key or address shows in the first stream. Rejects only if a module of the program is missing.
 */
export async function createProvider(backend: BackendSpec, deps: { clock: Clock }): Promise<Provider> {
  switch (backend.protocol) {
    case 'responses':
      return (await import('./responses/provider.ts')).createResponsesProvider(backend, deps);
    case 'chat':
      return (await import('./chat/provider.ts')).createChatProvider(backend, deps);
    case 'messages':
      return (await import('./messages/provider.ts')).createMessagesProvider(backend, deps);
    case 'gemini':
      return (await import('./gemini/provider.ts')).createGeminiProvider(backend, deps);
    // Agents that are no model endpoint.
    case 'acp':
      return (await import('./acp/provider.ts')).createAcpProvider(backend, deps);
    case 'a2a':
      return (await import('./a2a/provider.ts')).createA2aProvider(backend, deps);
    case 'framework':
      return (await import('./frameworks/provider.ts')).createFrameworkProvider(backend, deps);
    case 'claude-code':
      return (await import('./claude-code/provider.ts')).createClaudeCodeProvider(backend, deps);
    case 'local':
      return (await import('./local/provider.ts')).createLocalProvider(backend, deps);
    // The two that need no network.
    case 'demo':
      return (await import('./demo/provider.ts')).createDemoProvider(backend, deps);
    case 'scripted':
      return (await import('./scripted/provider.ts')).createScriptedProvider(backend, deps);
    default:
      return assertNever(backend.protocol);
  }
}
