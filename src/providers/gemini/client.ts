import type { GoogleGenAI } from '@google/genai';
import type { BackendSpec } from '../../config/team.ts';
import { quietly } from './quietly.ts';

const DEFAULT_API_VERSION = 'v1beta';

/** Google's client, for the address and the key of a backend. */
export async function createGenAi(backend: BackendSpec, fetchOnce: typeof fetch): Promise<GoogleGenAI> {
  const { GoogleGenAI } = await import('@google/genai');
  return quietly(
    () =>
      new GoogleGenAI({
        apiKey: backend.apiKey ?? 'none',
        // Said outright, so that no variable of the environment turns the call to another service.
        enterprise: false,
        httpOptions: {
          ...geminiAddress(backend.baseUrl),
          headers: backend.headers,
          fetch: withToken(backend, fetchOnce),
        },
      }),
  );
}

/** Vertex AI and gateways want an access token where the SDK sends a key. */
function withToken({ apiKey, authStyle }: BackendSpec, fetchOnce: typeof fetch): typeof fetch {
  if (authStyle === undefined) return fetchOnce;
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.delete('x-goog-api-key');
    const [name, value] = authStyle === 'bearer' ? ['authorization', `Bearer ${apiKey}`] : [authStyle, apiKey];
    if (apiKey !== null && !headers.has(name ?? '')) headers.set(name ?? '', value ?? '');
    return fetchOnce(input, { ...init, headers });
  };
}

/** The SDK wants the API version, and all that follows it (Vertex: project and place), apart from the address. */
function geminiAddress(baseUrl: string | null): { baseUrl?: string; apiVersion: string } {
  if (baseUrl === null) return { apiVersion: DEFAULT_API_VERSION };
  const match = /^(.*?)\/(v\d+(?:alpha|beta)?\d*(?:\/projects\/.+?)?)\/?$/.exec(baseUrl);
  if (match) return { baseUrl: match[1] ?? baseUrl, apiVersion: match[2] ?? DEFAULT_API_VERSION };
  return { baseUrl: baseUrl.replace(/\/+$/, ''), apiVersion: DEFAULT_API_VERSION };
}
