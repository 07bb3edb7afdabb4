import type { Anthropic } from '@anthropic-ai/sdk';
import type { BackendSpec } from '../../config/team.ts';
import { hostOf } from '../wire/request-params.ts';
import { lowerCased, NO_TIMEOUT_MS } from '../wire/sdk-settings.ts';

/** The version that gateways and compatible servers know. Anthropic's own address gets what the SDK sends. */
const COMMON_VERSION = '2023-06-01';

/** Anthropic's client: no retries, no time limit and no log of its own. */
export async function createAnthropic(backend: BackendSpec, fetchOnce: typeof fetch): Promise<Anthropic> {
  const { Anthropic } = await import('@anthropic-ai/sdk');
  return new Anthropic({
    // A key given here keeps the SDK from looking for profiles and tokens elsewhere.
    apiKey: backend.apiKey ?? 'none',
    ...(backend.baseUrl !== null && { baseURL: withoutVersion(backend.baseUrl) }),
    fetch: fetchOnce,
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    logLevel: 'off',
  });
}

export function isOfficial(client: Anthropic): boolean {
  return hostOf(client.baseURL) === 'api.anthropic.com';
}

/** Headers besides the SDK's; null removes one of the SDK's. The user's own headers win. */
export function messagesHeaders(
  backend: BackendSpec,
  isOfficialAddress: boolean,
  betas: readonly string[],
): Record<string, string | null> {
  const headers: Record<string, string | null> = {};
  const style = backend.authStyle ?? (isOfficialAddress ? 'bearer' : 'x-api-key');
  if (backend.apiKey === null || style !== 'bearer') headers.authorization = null;
  if (backend.apiKey !== null && style !== 'bearer') headers[style] = backend.apiKey;
  if (backend.apiVersion !== undefined) headers['anthropic-version'] = backend.apiVersion;
  else if (!isOfficialAddress) headers['anthropic-version'] = COMMON_VERSION;
  if (betas.length > 0) headers['anthropic-beta'] = [...new Set(betas)].join(',');
  return { ...headers, ...lowerCased(backend.headers) };
}

/** The SDK puts `/v1` before every path itself. */
function withoutVersion(baseUrl: string): string {
  return baseUrl.replace(/\/v1\/?$/, '');
}
