import { isJsonObject, type JsonObject, type JsonValue } from '../../../events/json.ts';
import { MassgenError } from '../../../platform/errors.ts';
import { officialOffer, smitheryOffer, type ServerOffer } from './server-offer.ts';

export interface RegistryPlaces {
  /** `MASSGEN_MCP_REGISTRY` names another one. */
  official: string;
  /** `MASSGEN_SMITHERY_REGISTRY` names another one. */
  smithery: string;
  /** `SMITHERY_API_KEY`; Smithery may ask for one. */
  smitheryKey: string | null;
}

export function registryPlaces(variables: Readonly<Record<string, string | undefined>>): RegistryPlaces {
  return {
    official: variables['MASSGEN_MCP_REGISTRY'] || 'https://registry.modelcontextprotocol.io',
    smithery: variables['MASSGEN_SMITHERY_REGISTRY'] || 'https://registry.smithery.ai',
    smitheryKey: variables['SMITHERY_API_KEY'] || null,
  };
}

export type RegistryName = ServerOffer['registry'];

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 5_000_000;

/** Servers that fit some words, as the registry orders them. Rejects with a MassgenError that says what went wrong. */
export async function searchRegistry(
  registry: RegistryName,
  words: string,
  limit: number,
  places: RegistryPlaces,
): Promise<ServerOffer[]> {
  if (registry === 'official') {
    const query = new URLSearchParams({ search: words, limit: String(limit), version: 'latest' });
    const found = await get(`${places.official}/v0/servers?${query}`, 'The MCP registry', null);
    return offers(found['servers'], officialOffer);
  }
  const query = new URLSearchParams({ q: words, page: '1', pageSize: String(limit) });
  const found = await get(`${places.smithery}/servers?${query}`, 'Smithery', places.smitheryKey);
  return offers(found['servers'], smitheryOffer);
}

/** The server of exactly this name; null if there is none. Rejects as `searchRegistry`. */
export async function findServer(
  registry: RegistryName,
  name: string,
  places: RegistryPlaces,
): Promise<ServerOffer | null> {
  if (registry === 'official') {
    const found = await searchRegistry('official', name, 100, places);
    return found.find((offer) => offer.name === name) ?? null;
  }
  const path = name.split('/').map(encodeURIComponent).join('/');
  const found = await get(`${places.smithery}/servers/${path}`, 'Smithery', places.smitheryKey).catch(
    (error: unknown) => {
      if (error instanceof MassgenError && error.code === 'registry-none') return null;
      throw error;
    },
  );
  return found && smitheryOffer(found);
}

function offers(value: JsonValue | undefined, read: (value: JsonValue) => ServerOffer | null): ServerOffer[] {
  return (Array.isArray(value) ? value : []).flatMap((each) => read(each) ?? []);
}

async function get(address: string, who: string, key: string | null): Promise<JsonObject> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(address, {
      headers: { accept: 'application/json', ...(key !== null && { authorization: `Bearer ${key}` }) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = await response.text();
  } catch (error) {
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new MassgenError('registry-unreachable', `${who} cannot be reached (${why}). Try again later.`, {
      cause: error,
    });
  }
  if (response.status === 404) throw new MassgenError('registry-none', `${who} knows no such server.`);
  if (response.status === 401 || response.status === 403)
    throw new MassgenError('registry-refused', `${who} wants a key. Set SMITHERY_API_KEY, e.g. in ~/.massgen/.env.`);
  if (!response.ok)
    throw new MassgenError('registry-failed', `${who} answered with status ${response.status}. Try again later.`);
  const value = text.length > MAX_BYTES ? null : parsed(text);
  if (value !== null && isJsonObject(value)) return value;
  throw new MassgenError('registry-failed', `${who} answered with something that is no list of servers.`);
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
