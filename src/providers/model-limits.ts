/** What one request of a model may hold, in tokens. */
export interface ModelLimits {
  contextWindow: number | null;
  outputLimit: number | null;
}

/**
 * Limits that the price table does not know, from the vendors' pages about their models. The first pattern that fits
 * decides; a model that is not here has limits that are not known.
 */
const LIMITS: readonly (readonly [pattern: RegExp, contextWindow: number, outputLimit: number])[] = [
  [/^gpt-5(?:\.[12])?(?:-(?:mini|nano|codex|pro).*)?(?:-\d{4}-.*)?$/, 400_000, 128_000],
  [/^o[134](?:-mini|-pro)?(?:-\d{4}-.*)?$/, 200_000, 100_000],
  [/^gpt-4\.1/, 1_047_576, 32_768],
  [/^gpt-4o/, 128_000, 16_384],
  [/^claude-(?:sonnet|haiku|opus)-4-5/, 200_000, 64_000],
  [/^claude-opus-4-[01]/, 200_000, 32_000],
  [/^claude-sonnet-4-(?:0|2025)/, 200_000, 64_000],
  [/^gemini-2\.5-(?:pro|flash)/, 1_048_576, 65_536],
  [/^gemini-3-(?:pro|flash)-preview/, 1_048_576, 65_536],
];

export function limitsOf(model: string): ModelLimits {
  const found = LIMITS.find(([pattern]) => pattern.test(model));
  return found ? { contextWindow: found[1], outputLimit: found[2] } : { contextWindow: null, outputLimit: null };
}
