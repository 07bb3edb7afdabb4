import { parse } from 'yaml';
import type { RateLimitTable } from '../../config/rate-limits.ts';
import { rateLimits } from '../../config/schema/rate-limits.ts';

/** Reads `rate_limits.yaml`: types, models, limits, with or without `rate_limits:` around them. A string says what is wrong. */
export function parseRateLimits(text: string): RateLimitTable | string {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    return 'it is no YAML.';
  }
  if (value === null || value === undefined) return {};
  const inner = typeof value === 'object' && 'rate_limits' in value ? value.rate_limits : value;
  const result = rateLimits.safeParse(inner);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path.join('.') ?? '';
  return `${path === '' ? 'it' : path} is no map of backend types, models and limits (rpm, tpm, rpd).`;
}
