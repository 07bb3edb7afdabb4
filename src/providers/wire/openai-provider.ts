import type { BackendSpec } from '../../config/team.ts';
import type { JsonObject } from '../../events/json.ts';
import type { Clock } from '../../platform/clock.ts';
import { loadPrices } from '../prices.ts';
import type { ModelRequest, Provider } from '../provider.ts';
import { forTools } from './drop-nulls.ts';
import type { WireReader } from './model-call.ts';
import { usesComputer } from './computer-use.ts';
import { openaiOptions } from './openai-options.ts';
import { createCallIds } from './tool-call.ts';
import { wireProvider } from './wire-provider.ts';

/** What tells OpenAI's two protocols apart. */
export interface OpenAiProtocol {
  path: string;
  /** How long is waited for what follows the terminal event. */
  drainMs: number;
  /** Plain JSON: other vendors take fields that OpenAI's types do not know, and items of replies go back as they came. */
  buildBody(backend: BackendSpec, request: ModelRequest): JsonObject;
  createReader(callId: (wanted: string | null) => string, options: { hasComputer: boolean }): WireReader;
}

/** A connection by OpenAI's SDK. */
export async function createOpenAiProvider(
  backend: BackendSpec,
  { clock }: { clock: Clock },
  protocol: OpenAiProtocol,
): Promise<Provider> {
  const [{ OpenAI }, pricing] = await Promise.all([import('openai'), loadPrices(backend, clock)]);
  return wireProvider(backend, { clock, pricing }, (request) => ({
    drainMs: protocol.drainMs,
    reader: forTools(
      backend,
      request,
      protocol.createReader(createCallIds(request.messages), { hasComputer: usesComputer(backend) }),
    ),
    send: (fetchOnce, signal) => {
      const client = new OpenAI(openaiOptions(backend, fetchOnce));
      const body = protocol.buildBody(backend, request);
      return client.post(protocol.path, { body, signal, stream: body.stream !== false }).asResponse();
    },
  }));
}
