import { ASIDE, type ModelEnd, type ModelRequest } from '../provider.ts';
import type { CallSink } from './agent-call.ts';

/** An agent that keeps its own conversation, one call after the other. */
export interface ConversingAgent {
  /** As `AgentCall.run`. */
  converse(request: ModelRequest, sink: CallSink, signal: AbortSignal): Promise<ModelEnd>;
  /** Never rejects. */
  close(): Promise<void>;
}

/**
 * What the agent is asked beside its own turns goes to a copy, which ends with its reply: the agent may be in the middle
 * of a turn, and its conversation must not hold it.
 */
export function withCopies(make: () => ConversingAgent): ConversingAgent {
  const own = make();
  const copies = new Set<ConversingAgent>();
  return {
    async converse(request, sink, signal) {
      if (!ASIDE.has(request.purpose)) return own.converse(request, sink, signal);
      const copy = make();
      copies.add(copy);
      try {
        return await copy.converse(request, sink, signal);
      } finally {
        copies.delete(copy);
        await copy.close();
      }
    },
    async close() {
      await Promise.all([own, ...copies].map((each) => each.close()));
    },
  };
}
