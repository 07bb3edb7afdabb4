import type { ModelEnd, Provider, ToolUses } from './provider.ts';

/**
 * What a call cost in USD: what the provider itself says, or its tokens at their price. Null where the price is unknown,
 * and where the model replied without a word about tokens, unless it costs nothing at all.
 */
export function costOf(end: ModelEnd, provider: Pick<Provider, 'costUsd'>, uses: ToolUses): number | null {
  if (end.costUsd !== undefined) return end.costUsd;
  const isUntold = end.type === 'finished' && end.sent !== undefined && end.sent.usage === null;
  if (isUntold && provider.costUsd(MUCH) !== 0) return null;
  return provider.costUsd(end.usage, uses);
}

const MUCH = { input: 1_000_000, output: 1_000_000, cachedInput: 0, cacheWrite: 0, reasoning: 0 };
