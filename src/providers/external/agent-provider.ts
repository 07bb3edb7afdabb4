import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ModelEnd, ModelRequest, Provider } from '../provider.ts';
import { runAgentCall, type CallSink } from './agent-call.ts';

/**
 * An agent that is no model endpoint, as a provider. `converse` asks it once; it may throw anything and has to stop soon
 * after the signal is aborted. What such an agent calls, and what that costs, is not known. `secrets` are further texts
 * that must never be shown.
 */
export function agentProvider(
  backend: BackendSpec,
  { clock, secrets = [] }: { clock: Clock; secrets?: readonly string[] },
  converse: (request: ModelRequest, sink: CallSink, signal: AbortSignal) => Promise<ModelEnd>,
): Provider {
  return {
    model: backend.model,
    costUsd: () => null,
    stream: (request) =>
      runAgentCall({ backend, request, clock, secrets, run: (sink, signal) => converse(request, sink, signal) }),
  };
}
