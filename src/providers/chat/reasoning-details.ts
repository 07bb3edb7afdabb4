import type { JsonObject } from '../../events/json.ts';

/** Fields that are streamed in pieces; all others come whole. */
const STREAMED = ['text', 'summary', 'data'];

/** Joins OpenRouter's reasoning fragments in place, so that they can be sent back as one item with its signature. */
export function mergeReasoningDetails(into: JsonObject[], fragments: readonly JsonObject[]): void {
  for (const fragment of fragments) {
    const last = into.at(-1);
    // Encrypted items come whole: two of them are two items, even where a server gives them one index.
    const isSame =
      last !== undefined &&
      last.type === fragment.type &&
      last.index === fragment.index &&
      fragment.type !== 'reasoning.encrypted';
    if (!isSame) {
      into.push({ ...fragment });
      continue;
    }
    for (const [key, value] of Object.entries(fragment)) {
      const before = last[key];
      if (STREAMED.includes(key) && typeof value === 'string' && typeof before === 'string') last[key] = before + value;
      else if (value !== null) last[key] = value;
    }
  }
}
