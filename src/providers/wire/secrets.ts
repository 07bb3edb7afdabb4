import type { BackendSpec } from '../../config/team.ts';
import { secretVariables as secretsIn } from '../../platform/secret-names.ts';

const SECRET_HEADER = /auth|key|token|secret|cookie|password/i;
/** Shapes of well-known keys, for servers that quote a key we did not send. */
const KEY_SHAPES =
  /\b(?:sk|pk|rk|gsk|xai|csk|r8|hf|key|nvapi|tgp|fw|pplx)[-_][A-Za-z0-9_-]{16,}|\bAIza[A-Za-z0-9_-]{20,}|\bBearer\s+[A-Za-z0-9._~+/-]{8,}=*/g;

/** Everything in a backend that must never be shown. */
export function secretsOf(backend: BackendSpec): string[] {
  const found = Object.entries(backend.headers)
    .filter(([name]) => SECRET_HEADER.test(name))
    .map(([, value]) => value.replace(/^(?:Bearer|Basic)\s+/i, ''));
  if (backend.apiKey !== null) found.push(backend.apiKey);
  for (const { token } of backend.features?.hostedServers ?? []) if (token !== null) found.push(token);
  if (backend.baseUrl !== null && URL.canParse(backend.baseUrl)) {
    const url = new URL(backend.baseUrl);
    found.push(url.password, decoded(url.password), ...url.searchParams.values());
  }
  return hiding(found);
}

/** What the variables of an agent's program hold that must never be shown. */
export function secretVariables(env: Readonly<Record<string, string>>): string[] {
  return hiding(secretsIn(env));
}

/** Short placeholders such as `EMPTY` or `none` hide nothing and would mangle ordinary words. */
function hiding(found: readonly string[]): string[] {
  return found.filter((secret) => secret.length >= 6).toSorted((a, b) => b.length - a.length);
}

/** A `%` that begins no character stays what it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const MAX_MESSAGE_CHARS = 1000;

/** A server's words, safe to show: no secrets, no control characters, of bounded length. */
export function safeMessage(text: string, secrets: readonly string[]): string {
  let safe = text;
  for (const secret of secrets) safe = safe.replaceAll(secret, '[secret]');
  safe = safe
    .replace(KEY_SHAPES, '[secret]')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return safe.length > MAX_MESSAGE_CHARS ? `${safe.slice(0, MAX_MESSAGE_CHARS).toWellFormed()}…` : safe;
}
