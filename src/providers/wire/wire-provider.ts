import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Pricing } from '../prices.ts';
import type { ModelRequest, Provider } from '../provider.ts';
import { runWireCall, type WireCall } from './model-call.ts';

/** An endpoint over HTTP, as a provider. `callOf` says how one request is sent and its reply read. */
export function wireProvider(
  backend: BackendSpec,
  { clock, pricing }: { clock: Clock; pricing: Pricing },
  callOf: (request: ModelRequest) => Omit<WireCall, 'backend' | 'request' | 'clock'>,
): Provider {
  return {
    model: backend.model,
    ...pricing,
    stream: (request) => runWireCall({ backend, request, clock, ...callOf(request) }),
  };
}
