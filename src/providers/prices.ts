import { isLoopbackHost } from '../config/catalogue.ts';
import { findTypeOfModel } from '../config/infer-type.ts';
import type { PriceCalculation, Usage as PriceUsage } from '@pydantic/genai-prices';
import type { BackendSpec, PriceList } from '../config/team.ts';
import type { Usage } from '../events/usage.ts';
import type { Clock } from '../platform/clock.ts';
import type { ToolUses } from './provider.ts';
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

/** What calls of one model cost. */
export interface Pricing {
  /** USD, or null where the price is unknown. `uses` count as far as they have a price. Never throws. */
  costUsd(usage: Usage, uses?: ToolUses): number | null;
  /** Those of these tools that cost something which is not known. */
  unpriced(uses: ToolUses): string[];
}

/** Tools of providers that are charged by the use, beside tokens; null is one that the tables have no rate for. */
const RATES: Readonly<Record<string, 'web_searches' | 'storage_searches' | null>> = {
  web_search: 'web_searches',
  file_search: 'storage_searches',
  code_interpreter: null,
  image_generation: null,
  shell: null,
  x_search: null,
  google_search_web: null,
  google_maps: null,
  // Another model at Anthropic, which is asked within the request, or answers in place of the one that was.
  advisor: null,
  fallback: null,
};

/**
 * Loads the price of a backend's model: the user's own, or from the tables bundled with `@pydantic/genai-prices`; nothing is fetched.
 * Never rejects.
 */
export async function loadPrices(backend: BackendSpec, clock: Clock): Promise<Pricing> {
  const { prices } = backend;
  const withoutRates = (costUsd: (usage: Usage) => number | null): Pricing => ({ costUsd, unpriced: charged });
  if (prices) return withoutRates((usage) => costBy(prices, usage));
  if (FREE_TYPES.has(backend.type)) return FREE;
  const { calcPrice, findProvider } = await import('@pydantic/genai-prices');
  const host = hostOf(backend.baseUrl);
  if (isLoopbackHost(host) && backend.type === 'chatcompletion') {
    // A model of this machine (Ollama, llama.cpp, LM Studio) costs nothing. One that only its vendor has, or that wants
    // a key kept as a secret, comes through a gateway: what that takes, nobody knows.
    const isVendors = findTypeOfModel(backend.model.slice(backend.model.lastIndexOf('/') + 1)) !== null;
    return isVendors || backend.apiKeyVariables.length > 0 ? withoutRates(() => null) : FREE;
  }
  const providerId =
    PRICE_TABLES[backend.type] ?? (host === '' && backend.protocol === 'chat' ? 'openai' : backend.type);
  const byAddress = host === '' ? undefined : findProvider({ providerApiUrl: backend.baseUrl ?? '' });
  const provider = byAddress ?? findProvider({ providerId });
  if (!provider) return withoutRates(() => null);
  const look = (usage: PriceUsage): PriceCalculation | null => {
    try {
      return calcPrice(usage, backend.model, { provider, timestamp: new Date(clock.now()) });
    } catch {
      // The table does not know a rate that this usage needs.
      return null;
    }
  };
  const rates = look({ input_tokens: 1 })?.model_price ?? {};
  const rateOf = (tool: string): 'web_searches' | 'storage_searches' | null => {
    const rate = Object.hasOwn(RATES, tool) ? (RATES[tool] ?? null) : null;
    return rate !== null && rates[`${rate}_kcount`] !== undefined ? rate : null;
  };
  return {
    costUsd: (usage, uses = {}) => {
      const searches = { web_searches: 0, storage_searches: 0 };
      for (const [tool, count] of Object.entries(uses)) {
        const rate = rateOf(tool);
        if (rate !== null) searches[rate] += count;
      }
      const { web_searches, storage_searches } = searches;
      const price = look({
        input_tokens: usage.input,
        output_tokens: usage.output,
        cache_read_tokens: usage.cachedInput,
        cache_write_tokens: usage.cacheWrite,
        ...(web_searches > 0 && { web_searches }),
        ...(storage_searches > 0 && { storage_searches }),
      });
      return price === null ? null : price.total_price;
    },
    unpriced: (uses) => charged(uses).filter((tool) => rateOf(tool) === null),
  };
}

const FREE: Pricing = { costUsd: () => 0, unpriced: () => [] };

function charged(uses: ToolUses): string[] {
  return Object.keys(uses).filter((tool) => (uses[tool] ?? 0) > 0 && Object.hasOwn(RATES, tool));
}

function costBy(prices: PriceList, { input, output, cachedInput, cacheWrite }: Usage): number {
  const plain = (input - cachedInput - cacheWrite) * prices.input;
  const cached = cachedInput * (prices.cachedInput ?? prices.input);
  const written = cacheWrite * (prices.cacheWrite ?? prices.input);
  return (plain + cached + written + output * prices.output) / 1_000_000;
}
