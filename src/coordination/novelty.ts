import type { Strictness } from '../events/settings.ts';

/** Shares of common words above which an answer counts as no new one; the original's values. */
const LIMITS: Record<Strictness, number> = { lenient: 1, balanced: 0.7, strict: 0.5 };

/** True when the two texts share too many words for the strictness asked for. Lenient never says so. */
export function isTooSimilar(text: string, other: string, strictness: Strictness): boolean {
  return wordOverlap(text, other) > LIMITS[strictness];
}

/** Jaccard index of the sets of lower-cased words: 0 for nothing in common, 1 for the same words. */
export function wordOverlap(a: string, b: string): number {
  const left = wordsOf(a);
  const right = wordsOf(b);
  const shared = [...left].filter((word) => right.has(word)).length;
  const all = left.size + right.size - shared;
  return all === 0 ? 0 : shared / all;
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().split(/\s+/).filter(Boolean));
}
