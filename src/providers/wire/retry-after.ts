import { isJsonObject, type JsonValue } from '../../events/json.ts';
import { arrayAt, objectAt, stringAt } from './json-fields.ts';

/**
 * How long the server asks to wait, in milliseconds: from its headers (`retry-after-ms`, `retry-after` as seconds or
 * as a date), from Gemini's RetryInfo, or from its sentence ("try again in 1.5s"). Null when it says nothing.
 */
export function retryAfterMs(headers: Headers | null, body: JsonValue, message: string, nowMs: number): number | null {
  return fromHeaders(headers, nowMs) ?? fromRetryInfo(body) ?? fromSentence(message);
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
