import { isLoopbackHost } from '../config/catalogue.ts';
import { findTypeOfModel } from '../config/infer-type.ts';
import type { BackendSpec, PriceList } from '../config/team.ts';
import type { Usage } from '../events/usage.ts';
import type { Clock } from '../platform/clock.ts';
import { hostOf } from './wire/request-params.ts';

/** Servers that run on the user's own machine or hardware: a call costs nothing. */
export const FREE_TYPES: ReadonlySet<string> = new Set(['lmstudio', 'vllm', 'sglang', 'ollama', 'llamacpp', 'local']);

/** Price tables by backend type, where the table is called otherwise. */
export const PRICE_TABLES: Readonly<Record<string, string>> = {
  openai: 'openai',
  azure_openai: 'azure',
  claude: 'anthropic',
  anthropic: 'anthropic',
  gemini: 'google',
  google: 'google',
  grok: 'x-ai',
  xai: 'x-ai',
  kimi: 'moonshotai',
  moonshot: 'moonshotai',
};

/**
 * Loads the price of a backend's model: the user's own, or from the tables bundled with `@pydantic/genai-prices`; nothing is fetched.
 * The function gives USD, or null where the price is unknown. Never rejects.
 */
export async function loadPrices(backend: BackendSpec, clock: Clock): Promise<(usage: Usage) => number | null> {
  const { prices } = backend;
  if (prices) return (usage) => costBy(prices, usage);
  if (FREE_TYPES.has(backend.type)) return () => 0;
  const { calcPrice, findProvider } = await import('@pydantic/genai-prices');
  const host = hostOf(backend.baseUrl);
  if (isLoopbackHost(host) && backend.type === 'chatcompletion') {
    // A model of this machine (Ollama, llama.cpp, LM Studio) costs nothing. One that only its vendor has, or that wants
    // a key kept as a secret, comes through a gateway: what that takes, nobody knows.
    const isVendors = findTypeOfModel(backend.model.slice(backend.model.lastIndexOf('/') + 1)) !== null;
    return isVendors || backend.apiKeyVariables.length > 0 ? () => null : () => 0;
  }
  const providerId =
    PRICE_TABLES[backend.type] ?? (host === '' && backend.protocol === 'chat' ? 'openai' : backend.type);
  const byAddress = host === '' ? undefined : findProvider({ providerApiUrl: backend.baseUrl ?? '' });
  const provider = byAddress ?? findProvider({ providerId });
  if (!provider) return () => null;
  return (usage) => {
    try {
      const price = calcPrice(
        {
          input_tokens: usage.input,
          output_tokens: usage.output,
          cache_read_tokens: usage.cachedInput,
          cache_write_tokens: usage.cacheWrite,
        },
        backend.model,
        { provider, timestamp: new Date(clock.now()) },
      );
      return price === null ? null : price.total_price;
    } catch {
      // The table does not know a rate that this usage needs.
      return null;
    }
  };
}

function costBy(prices: PriceList, { input, output, cachedInput, cacheWrite }: Usage): number {
  const plain = (input - cachedInput - cacheWrite) * prices.input;
  const cached = cachedInput * (prices.cachedInput ?? prices.input);
  const written = cacheWrite * (prices.cacheWrite ?? prices.input);
  return (plain + cached + written + output * prices.output) / 1_000_000;
}
