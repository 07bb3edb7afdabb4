import type { RateLimit, RateLimitTable } from '../../config/rate-limits.ts';

/** What `--rate-limit` turns on: MassGen's own limits, which are those of Gemini's free tier. */
export const DEFAULT_RATE_LIMITS: RateLimitTable = {
  gemini: {
    'gemini-2.5-flash': { rpm: 9, tpm: 240_000, rpd: 245 },
    'gemini-2.5-pro': { rpm: 2, tpm: 120_000, rpd: 48 },
    default: { rpm: 7, tpm: 100_000, rpd: 100 },
  },
};

/** One table out of several; what a later one says about a model wins. */
export function mergeRateLimits(...tables: readonly (RateLimitTable | null | undefined)[]): RateLimitTable {
  const merged: Record<string, Record<string, RateLimit>> = {};
  for (const table of tables) {
    for (const [type, models] of Object.entries(table ?? {})) {
      merged[type] = { ...merged[type], ...models };
    }
  }
  return merged;
}

/** The limit of a model: by its name, else by the longest part of it, else the type's `default`; null when there is none. */
export function rateLimitOf(table: RateLimitTable, type: string, model: string): RateLimit | null {
  const models = Object.hasOwn(table, type) ? table[type] : undefined;
  if (!models) return null;
  if (Object.hasOwn(models, model)) return models[model] ?? null;
  const [part] = Object.keys(models)
    .filter((name) => name !== 'default' && model.includes(name))
    .toSorted((a, b) => b.length - a.length);
  return models[part ?? 'default'] ?? null;
}
