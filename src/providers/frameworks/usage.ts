import type { Usage } from '../../events/usage.ts';
import { field } from './framework-turn.ts';

/** Tokens under the names that frameworks have for them; null where nothing was told. */
export function readUsage(told: unknown): Usage | null {
  const input = count(told, 'inputTokens', 'input_tokens', 'promptTokens');
  const output = count(told, 'outputTokens', 'output_tokens', 'completionTokens');
  if (input === null || output === null) return null;
  const details = field(told, 'input_token_details') ?? field(told, 'inputTokenDetails') ?? field(told, 'inputTokens');
  const cached =
    count(told, 'cachedInputTokens') ??
    count(details, 'cacheReadTokens', 'cache_read', 'cacheRead') ??
    sum(field(told, 'inputTokensDetails'), 'cached_tokens');
  const written = count(details, 'cacheWriteTokens', 'cache_creation', 'cacheWrite') ?? 0;
  const spoken =
    field(told, 'output_token_details') ?? field(told, 'outputTokenDetails') ?? field(told, 'outputTokens');
  const reasoning =
    count(told, 'reasoningTokens') ??
    count(spoken, 'reasoningTokens', 'reasoning') ??
    sum(field(told, 'outputTokensDetails'), 'reasoning_tokens');
  return { input, output, cachedInput: cached, cacheWrite: written, reasoning };
}

/** OpenAI Agents have a list of details, one for each request. */
function sum(list: unknown, name: string): number {
  return Array.isArray(list) ? list.reduce<number>((total, each) => total + (count(each, name) ?? 0), 0) : 0;
}

/** The first of these fields that holds a number, or an object with a `total`. */
function count(told: unknown, ...names: string[]): number | null {
  for (const name of names) {
    const found = field(told, name);
    const value = typeof found === 'object' ? field(found, 'total') : found;
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  }
  return null;
}
