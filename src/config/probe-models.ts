import { isJsonObject } from '../events/json.ts';
import type { Clock } from '../platform/clock.ts';
import type { Probe } from './runnable-teams.ts';

/** A local server that is there answers at once. */
const LIMIT_MS = 300;
const MAX_BYTES = 1_000_000;

/** Asks a server for its models by HTTP, for at most 300 ms. Never throws; anything but a list of models is null. */
export function createProbe(clock: Clock, fetchUrl: typeof fetch = fetch): Probe {
  return async (url) => {
    const stop = new AbortController();
    const cancel = clock.after(LIMIT_MS, () => stop.abort());
    try {
      const response = await fetchUrl(url, { signal: stop.signal, redirect: 'error' });
      if (!response.ok || Number(response.headers.get('content-length') ?? 0) > MAX_BYTES) return null;
      return readIds(await response.json());
    } catch {
      return null;
    } finally {
      cancel();
    }
  };
}

function readIds(body: unknown): string[] | null {
  if (!isJsonObject(body) || !Array.isArray(body['data'])) return null;
  return body['data'].flatMap((entry) => (isJsonObject(entry) && typeof entry['id'] === 'string' ? [entry['id']] : []));
}
