import { isJsonObject, type JsonObject } from '../../events/json.ts';

/**
 * The body of a request: what the adapter says, overridden by the backend's own parameters. A parameter that is
 * null removes the adapter's default; provider tools given as a parameter are added to the adapter's tools;
 * `extra_body` is merged, since configs written for other clients use it.
 */
export function mergeParams(defaults: JsonObject, params: JsonObject): JsonObject {
  const { extra_body: extra, ...rest } = params;
  const given: JsonObject = { ...(isJsonObject(extra) ? extra : {}), ...rest };
  const body: JsonObject = { ...defaults, ...given };
  if (Array.isArray(defaults.tools) && Array.isArray(given.tools)) body.tools = [...defaults.tools, ...given.tools];
  for (const [key, value] of Object.entries(given)) if (value === null) delete body[key];
  return body;
}

/** The host of a base URL in lower case; an empty string where there is none. */
export function hostOf(baseUrl: string | null): string {
  return baseUrl !== null && URL.canParse(baseUrl) ? new URL(baseUrl).hostname.toLowerCase() : '';
}

/** True for a host that is `domain` or below it. */
export function isHostOf(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/** A short stable name of a text (FNV-1a): the same prompt prefix gets the same cache key. */
export function cacheKey(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return `massgen-${(hash >>> 0).toString(16).padStart(8, '0')}`;
}
