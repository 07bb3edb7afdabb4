import type { ClientOptions } from 'openai';
import type { BackendSpec } from '../../config/team.ts';
import { hostOf, isHostOf } from './request-params.ts';
import { lowerCased, NO_TIMEOUT_MS } from './sdk-settings.ts';

/** Options of OpenAI's client for one call: no retries, no time limit and no log of its own. */
export function openaiOptions(backend: BackendSpec, fetchOnce: typeof fetch): ClientOptions {
  const host = hostOf(backend.baseUrl);
  const isAzure = backend.type === 'azure_openai' || isHostOf(host, 'azure.com');
  const ownHeaders: Record<string, string | null> = {};
  const style = backend.authStyle ?? (isAzure ? 'api-key' : 'bearer');
  if (backend.apiKey === null) ownHeaders.authorization = null;
  else if (style !== 'bearer') Object.assign(ownHeaders, { authorization: null, [style]: backend.apiKey });
  return {
    apiKey: backend.apiKey ?? 'none',
    ...(backend.baseUrl !== null && { baseURL: isAzure ? azureUrl(backend.baseUrl) : backend.baseUrl }),
    // OpenAI's own account headers, which the SDK takes from the environment, are nobody else's business.
    ...(backend.baseUrl !== null && !isHostOf(host, 'openai.com') && { organization: null, project: null }),
    adminAPIKey: null,
    ...(isAzure && backend.apiVersion !== undefined && { defaultQuery: { 'api-version': backend.apiVersion } }),
    defaultHeaders: { ...ownHeaders, ...lowerCased(backend.headers) },
    fetch: fetchOnce,
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    // Its log would be written over the screen.
    logLevel: 'off',
  };
}

/** Azure's resource address alone means its OpenAI-compatible API. */
function azureUrl(baseUrl: string): string {
  return new URL(baseUrl).pathname === '/' ? new URL('/openai/v1', baseUrl).href : baseUrl;
}
