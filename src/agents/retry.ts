import { isTransient, type ModelError } from '../events/model-error.ts';
import type { Random } from '../events/random.ts';

const MAX_TRIES = 4;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;

/**
 * How long to wait before the next try of a failed model call, in milliseconds; null when there is to be none.
 * `tries` counts those made. A call that had begun to stream is never repeated, since its tokens are paid for. The
 * server's own word (Retry-After) is honoured up to a minute; else the delay doubles from one second, with jitter.
 */
export function retryDelayMs(error: ModelError, tries: number, hasStreamed: boolean, random: Random): number | null {
  if (hasStreamed || tries >= MAX_TRIES || !isTransient(error)) return null;
  if (error.retryAfterMs !== undefined) return error.retryAfterMs <= MAX_DELAY_MS ? error.retryAfterMs : null;
  return Math.round(Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (tries - 1)) * (0.5 + random.next() / 2));
}
