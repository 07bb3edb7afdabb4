import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RateLimitTable } from '../../config/rate-limits.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { openDailyFile } from './daily-file.ts';
import { DEFAULT_RATE_LIMITS, mergeRateLimits } from './rate-limit-table.ts';
import { RateLimiter } from './rate-limiter.ts';
import { RequestGate } from './request-gate.ts';
import { SharedLimiter, type SharedLimits } from './shared-limiter.ts';

export interface GateOptions {
  /** `rate_limits` of the config. */
  configured: RateLimitTable | null;
  /** `--rate-limit`: also the built-in limits, for models that nothing else is said about. */
  useDefaults: boolean;
  /** The user's own folder (`~/.massgen`), for `rate_limits.yaml` and the counts of the day; null uses neither. */
  folder: string | null;
  now: number;
  /** What is kept to together with other runs; a run without it counts for itself. */
  shared?: SharedLimits | undefined;
  /** Told, in a full sentence, what cannot be read or written; nothing of it stops a run. */
  onProblem: (message: string) => void;
}

/**
 * The gate of one run. What the config says about a model wins over the user's file, and that over the defaults. Never
 * rejects. With no limit at all it only watches for endpoints that do not answer.
 */
export async function createRequestGate(options: GateOptions): Promise<RequestGate> {
  const { configured, folder, now, onProblem } = options;
  const own = folder === null ? null : await readOwnLimits(join(folder, 'rate_limits.yaml'), onProblem);
  const table = mergeRateLimits(options.useDefaults ? DEFAULT_RATE_LIMITS : null, own, configured);
  const hasDaily = Object.values(table).some((models) =>
    Object.values(models).some((limit) => limit.rpd !== undefined),
  );
  const counts = join(folder ?? '', 'rate_counts.json');
  const daily = folder !== null && hasDaily ? await openDailyFile(counts, { now, onProblem }) : null;
  const shared = options.shared ? new SharedLimiter(table, options.shared) : null;
  return new RequestGate(new RateLimiter(table, daily), new CircuitBreaker(), shared);
}

async function readOwnLimits(path: string, onProblem: (message: string) => void): Promise<RateLimitTable | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      onProblem(`${path} cannot be read (${code}), so its limits do not count.`);
    return null;
  }
  const { parseRateLimits } = await import('./parse-rate-limits.ts');
  const parsed = parseRateLimits(text);
  if (typeof parsed !== 'string') return parsed;
  onProblem(`${path} does not count: ${parsed}`);
  return null;
}
