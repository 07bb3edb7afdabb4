import type { RetrySettings } from '../config/team.ts';
import { isTransient, type ModelError, type ModelErrorKind } from '../events/model-error.ts';
import type { Random } from '../events/random.ts';

/** One policy for all providers; a backend may change parts of it. */
const DEFAULT_RETRY: RetrySettings = {
  maxTries: 4,
  firstDelayMs: 1_000,
  factor: 2,
  maxDelayMs: 60_000,
  jitter: 0.5,
};

/** The longest that a server may ask us to wait. */
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * How long to wait before the next try of a failed model call, in milliseconds; null when there is to be none.
 * `tries` counts those made. A call that had begun to stream is never repeated, since its tokens are paid for. The
 * server's own word (Retry-After) is honoured up to a minute, or up to the longest pause where that is more; else the
 * delay grows from the first one by the factor, with jitter.
 */
export function retryDelayMs(
  error: ModelError,
  tries: number,
  hasStreamed: boolean,
  random: Random,
  settings: Partial<RetrySettings> = {},
): number | null {
  const { maxTries, firstDelayMs, factor, maxDelayMs, jitter } = { ...DEFAULT_RETRY, ...settings };
  if (hasStreamed || tries >= maxTries || !isTransient(error)) return null;
  const { retryAfterMs } = error;
  if (retryAfterMs !== undefined) return retryAfterMs <= Math.max(MAX_RETRY_AFTER_MS, maxDelayMs) ? retryAfterMs : null;
  const full = Math.min(maxDelayMs, firstDelayMs * factor ** (tries - 1));
  return Math.round(full * (1 - jitter + random.next() * jitter));
}

/** The error of a call that is not tried again, with the time at which its server would take the next one. */
export function withNextTime(error: ModelError, nowMs: number): ModelError {
  const { retryAfterMs = 0, message } = error;
  if (retryAfterMs <= 0 || retryAfterMs > MAX_TOLD_MS) return error;
  const minutes = Math.ceil(retryAfterMs / 60_000);
  const wait = minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
  const at = new Date(nowMs + retryAfterMs).toISOString().slice(0, 16).replace('T', ' ');
  return { ...error, message: `${message} (It takes requests again in ${wait}, at ${at} UTC.)` };
}

/** What is further away than a quarter of a year is no time that a server means. */
const MAX_TOLD_MS = 90 * 86_400_000;

/** Failures that another model may not have. */
const SWITCH: ReadonlySet<ModelErrorKind> = new Set<ModelErrorKind>([
  'auth',
  'quota',
  'rate-limit',
  'overloaded',
  'network',
  'context-length',
]);

/** True when an agent with further models should go on with the next one. */
export function isWorthSwitching(error: ModelError): boolean {
  return SWITCH.has(error.kind);
}
