import type { BackendSpec } from '../../config/team.ts';
import type { ToolSpec } from '../../events/message.ts';
import type { Clock } from '../../platform/clock.ts';
import { createProvider } from '../create.ts';
import type { ModelEvent } from '../provider.ts';
import { createFold, type FoldedMessage } from './folded-message.ts';

/** One question to one endpoint. */
export interface ProbeRequest {
  text: string;
  systemMessage?: string | null;
  tools?: readonly ToolSpec[];
  signal: AbortSignal;
  /** Told of each event of the stream, in order, as it comes. */
  onEvent?: (event: ModelEvent) => void;
}

/**
 * Sends exactly one request and folds what comes back; nothing is tried again. Never rejects for anything that the
 * server does: a failure is in `error`.
 */
export async function probe(
  backend: BackendSpec,
  { text, systemMessage = null, tools = [], signal, onEvent }: ProbeRequest,
  { clock }: { clock: Clock },
): Promise<FoldedMessage> {
  // The server's words stay alone; what is known of the key stands beside them.
  const { keyOrigin, ...asked } = backend;
  const provider = await createProvider(asked, { clock });
  const fold = createFold((usage, uses) => provider.costUsd(usage, uses), keyOrigin);
  const system = systemMessage === null ? [] : [{ role: 'system' as const, text: systemMessage }];
  const messages = [...system, { role: 'user' as const, text }];
  try {
    for await (const event of provider.stream({ messages, tools, toolChoice: 'auto', purpose: 'solo', signal })) {
      fold.add(event);
      onEvent?.(event);
    }
    return fold.result();
  } finally {
    await provider.close?.();
  }
}
