import type { ModelEnd, Provider, ToolUses } from './provider.ts';

/** What a call cost in USD, null where nobody knows; with `isWhole` false it is a lower bound. */
export interface Bill {
  costUsd: number | null;
  isWhole: boolean;
}

/**
 * What the provider itself says that a call cost, or its tokens at their price. That is null where the price is unknown,
 * and where the model replied or was cut off without a word about tokens, unless it costs nothing at all.
 */
export function billOf(end: ModelEnd, provider: Pick<Provider, 'costUsd'>, uses: ToolUses): Bill {
  const isCut = end.type === 'failed' && end.isCut === true;
  if (end.costUsd !== undefined) return { costUsd: end.costUsd, isWhole: !isCut };
  const costUsd = provider.costUsd(end.usage, uses);
  const isUntold = (isCut || end.type === 'finished') && end.sent !== undefined && end.sent.usage === null;
  if ((!isCut && !isUntold) || provider.costUsd(MUCH) === 0) return { costUsd, isWhole: true };
  return isUntold ? { costUsd: null, isWhole: true } : { costUsd, isWhole: costUsd === null };
}

const MUCH = { input: 1_000_000, output: 1_000_000, cachedInput: 0, cacheWrite: 0, reasoning: 0 };
