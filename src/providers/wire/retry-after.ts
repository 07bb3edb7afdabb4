import { isJsonObject, type JsonValue } from '../../events/json.ts';
import { arrayAt, objectAt, stringAt } from './json-fields.ts';

/**
 * How long the server asks to wait, in milliseconds: from its headers (`retry-after-ms`, `retry-after` as seconds or
 * as a date), from Gemini's RetryInfo, from its sentence ("try again in 1.5s"), or from the headers of a limit that has
 * nothing left. Null when it says nothing.
 */
export function retryAfterMs(headers: Headers | null, body: JsonValue, message: string, nowMs: number): number | null {
  return fromHeaders(headers, nowMs) ?? fromRetryInfo(body) ?? fromSentence(message) ?? fromLimits(headers, nowMs);
}

function fromHeaders(headers: Headers | null, nowMs: number): number | null {
  const ms = headers?.get('retry-after-ms') ?? null;
  if (ms !== null && /^\d+(\.\d+)?$/.test(ms.trim())) return Math.ceil(Number(ms));
  const after = headers?.get('retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(after)) return Math.ceil(Number(after) * 1000);
  const date = after === '' ? Number.NaN : Date.parse(after);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

function fromRetryInfo(body: JsonValue): number | null {
  const error = objectAt(Array.isArray(body) ? body[0] : body, 'error');
  for (const detail of arrayAt(error, 'details')) {
    const delay = isJsonObject(detail) ? stringAt(detail, 'retryDelay') : null;
    const seconds = delay === null ? null : /^(\d+(?:\.\d+)?)s$/.exec(delay)?.[1];
    if (seconds !== null && seconds !== undefined) return Math.ceil(Number(seconds) * 1000);
  }
  return null;
}

function fromSentence(message: string): number | null {
  const match = /(?:try again|retry) (?:in|after) (?:(\d+)m(?!s))?(\d+(?:\.\d+)?) ?(ms|s\b|sec)/i.exec(message);
  if (!match) return null;
  const [, minutes = '0', amount = '0', unit = 's'] = match;
  return Math.ceil(Number(minutes) * 60_000 + Number(amount) * (unit.toLowerCase() === 'ms' ? 1 : 1000));
}

/** Names of what is left of a limit, and of when there is more, of OpenAI (Azure, Groq, …), Anthropic and OpenRouter. */
const LIMITS: readonly (readonly [left: string, reset: string])[] = [
  ...['requests', 'tokens'].map((kind) => [`x-ratelimit-remaining-${kind}`, `x-ratelimit-reset-${kind}`] as const),
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].map(
    (kind) => [`anthropic-ratelimit-${kind}-remaining`, `anthropic-ratelimit-${kind}-reset`] as const,
  ),
  ['x-ratelimit-remaining', 'x-ratelimit-reset'],
];

/** The longest wait among the limits that are used up. */
function fromLimits(headers: Headers | null, nowMs: number): number | null {
  const waits = LIMITS.flatMap(([left, reset]) => {
    const isUsedUp = Number(headers?.get(left) ?? Number.NaN) <= 0;
    const wait = isUsedUp ? waitOf(headers?.get(reset)?.trim() ?? '', nowMs) : null;
    return wait === null || wait <= 0 ? [] : [wait];
  });
  return waits.length === 0 ? null : Math.max(...waits);
}

/** `6m0s`, `20ms`, `1.5` (seconds), a time since 1970 in seconds or milliseconds, or a date. */
function waitOf(reset: string, nowMs: number): number | null {
  if (/^\d+(\.\d+)?$/.test(reset)) {
    const value = Number(reset);
    if (value < SECONDS_OF_1990) return Math.ceil(value * 1000);
    return Math.max(0, Math.ceil(value < SECONDS_OF_1990 * 1000 ? value * 1000 : value) - nowMs);
  }
  if (/^(\d+(\.\d+)?(ms|[dhms]))+$/.test(reset)) {
    const parts = [...reset.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)];
    return Math.ceil(parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ''] ?? 0), 0));
  }
  const date = reset === '' ? Number.NaN : Date.parse(reset);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** Nobody asks for a wait of so many seconds. */
const SECONDS_OF_1990 = 631_152_000;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
