import type { ModelPrice, PriceCalculation, Provider as PriceTable } from '@pydantic/genai-prices';
import { BACKEND_TYPES, type BackendType } from '../config/catalogue.ts';
import { traitsOf, type ModelTraits } from '../config/model-traits.ts';
import type { Clock } from '../platform/clock.ts';
import { limitsOf } from './model-limits.ts';
import { FREE_TYPES, PRICE_TABLES } from './prices.ts';

/** One model of the catalogue. What is not known is null. */
export interface ListedModel {
  type: string;
  model: string;
  /** For people, where the price table has one. */
  name: string | null;
  isDefault: boolean;
  contextWindow: number | null;
  outputLimit: number | null;
  traits: ModelTraits;
  /** USD for a million tokens, at the lowest tier. */
  prices: ListedPrices | null;
}

export interface ListedPrices {
  input: number | null;
  cachedInput: number | null;
  cacheWrite: number | null;
  output: number | null;
  /** Where the tables have no rate of their own for it, that of all output. */
  reasoning: number | null;
  audioInput: number | null;
  audioOutput: number | null;
  /** USD for a thousand uses of the provider's own tools, beside the tokens; none where no such rate is known. */
  perThousandUses: { webSearch: number | null; fileSearch: number | null };
  /** Long prompts cost more. */
  hasTiers: boolean;
}

const FREE: ListedPrices = {
  input: 0,
  cachedInput: 0,
  cacheWrite: 0,
  output: 0,
  reasoning: 0,
  audioInput: 0,
  audioOutput: 0,
  perThousandUses: { webSearch: null, fileSearch: null },
  hasTiers: false,
};

/** Models that do no chat. */
const OTHER_KINDS =
  /embed|whisper|tts|transcri|realtime|moderation|ocr|image|live|voice|guard|rerank|audio|^(?:ada|babbage|curie|davinci|text-)/i;

/**
 * The models of some backend types, with what the tables bundled with the program know of them; nothing is fetched.
 * `isWhole` adds every other chat model that the price tables hold. Any other name works in a config too.
 */
export async function listModels(
  types: readonly BackendType[],
  { isWhole, clock }: { isWhole: boolean; clock: Clock },
): Promise<ListedModel[]> {
  const { calcPrice, findProvider } = await import('@pydantic/genai-prices');
  const timestamp = new Date(clock.now());
  const lookUp = (model: string, provider: PriceTable): PriceCalculation | null => {
    try {
      return calcPrice({ input_tokens: 1 }, model, { provider, timestamp });
    } catch {
      // The table has the model, but no rate for input.
      return null;
    }
  };
  return types.flatMap((type) => {
    const table = findProvider({ providerId: PRICE_TABLES[type.type] ?? type.type });
    const others =
      isWhole && !FREE_TYPES.has(type.type) ? chatModels(table).filter((id) => !type.models.includes(id)) : [];
    return [...type.models, ...others].map((model): ListedModel => {
      const found = table ? lookUp(model, table) : null;
      const limits = limitsOf(model);
      return {
        type: type.type,
        model,
        name: found?.model.name ?? null,
        isDefault: model === type.defaultModel,
        contextWindow: found?.model.context_window ?? limits.contextWindow,
        outputLimit: limits.outputLimit,
        traits: traitsOf(model),
        prices: FREE_TYPES.has(type.type) ? FREE : found && pricesOf(found.model_price),
      };
    });
  });
}

/** Types that have models of their own to list, in the catalogue's order; those without a fixed list included. */
export function listedTypes(): readonly BackendType[] {
  return BACKEND_TYPES.filter(({ protocol }) => protocol !== null && protocol !== 'demo' && protocol !== 'scripted');
}

function chatModels(table: PriceTable | undefined): string[] {
  const models = table?.models ?? [];
  return models.filter(({ id, deprecated }) => deprecated !== true && !OTHER_KINDS.test(id)).map(({ id }) => id);
}

function pricesOf(price: ModelPrice): ListedPrices {
  const read = (key: string): number | null => {
    const value = price[key];
    return value === undefined ? null : typeof value === 'number' ? value : value.base;
  };
  return {
    input: read('input_mtok'),
    cachedInput: read('cache_read_mtok'),
    cacheWrite: read('cache_write_mtok'),
    output: read('output_mtok'),
    reasoning: read('output_reasoning_mtok') ?? read('output_mtok'),
    audioInput: read('input_audio_mtok'),
    audioOutput: read('output_audio_mtok'),
    perThousandUses: { webSearch: read('web_searches_kcount'), fileSearch: read('storage_searches_kcount') },
    hasTiers: Object.values(price).some((value) => typeof value === 'object'),
  };
}
