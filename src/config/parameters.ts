import type { JsonObject, JsonValue } from '../events/json.ts';
import { isJsonObject } from '../events/json.ts';
import type { Protocol } from './team.ts';

/** Names that differ between the protocols, from the word that configs use. */
const RENAMES: Readonly<Record<Protocol, Readonly<Record<string, string>>>> = {
  responses: { max_tokens: 'max_output_tokens', max_completion_tokens: 'max_output_tokens' },
  messages: { max_output_tokens: 'max_tokens', max_completion_tokens: 'max_tokens', stop: 'stop_sequences' },
  gemini: { max_tokens: 'maxOutputTokens', max_completion_tokens: 'maxOutputTokens', stop: 'stopSequences' },
  chat: { max_output_tokens: 'max_tokens', stop_sequences: 'stop' },
  demo: {},
  scripted: {},
  acp: {},
  a2a: {},
  framework: {},
  'claude-code': {},
  local: {},
};

/** Gemini settings whose inner keys are the user's own schema, not ours to rewrite. */
const OPAQUE: ReadonlySet<string> = new Set([
  'output_schema',
  'outputSchema',
  'response_schema',
  'response_json_schema',
  'responseSchema',
  'responseJsonSchema',
]);

/**
 * Pass-through parameters as the protocol wants them: nulls dropped, `extra_body` merged into the body (its own keys
 * win), names changed where the protocol has another one, and forms with them. Nothing is lost otherwise and nothing is invented.
 */
export function renameParameters(params: JsonObject, protocol: Protocol, baseUrl: string | null): JsonObject {
  const named = renameKeys(params, protocol, baseUrl);
  const body = params['extra_body'];
  if (!isJsonObject(body) || protocol === 'gemini') return named;
  delete named['extra_body'];
  return { ...named, ...body };
}

function renameKeys(params: JsonObject, protocol: Protocol, baseUrl: string | null): JsonObject {
  const renames = RENAMES[protocol];
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(params)) {
    if (value === null) continue;
    const name = renames[key] ?? (protocol === 'gemini' ? camelCase(key) : key);
    if (LISTS.has(name) && typeof value === 'string') out[name] = [value];
    else if (protocol === 'gemini') out[name] = OPAQUE.has(key) ? value : camelKeys(value);
    else out[chatName(name, protocol, baseUrl)] = value;
  }
  return out;
}

/** OpenAI's `stop` may be one text, the others' may not. */
const LISTS: ReadonlySet<string> = new Set(['stop_sequences', 'stopSequences']);

/** Newer models of OpenAI refuse `max_tokens` on the chat endpoint, also at Azure; other vendors know only that one. */
function chatName(key: string, protocol: Protocol, baseUrl: string | null): string {
  const isOpenAi =
    protocol === 'chat' && /^https:\/\/(?:api\.openai\.com|[^/]+\.azure\.com)(?:\/|$)/.test(baseUrl ?? '');
  return isOpenAi && key === 'max_tokens' ? 'max_completion_tokens' : key;
}

function camelCase(key: string): string {
  return key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function camelKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [camelCase(k), camelKeys(v)]));
}
