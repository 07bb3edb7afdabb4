/**
 * Tokens of one or more model calls, as providers bill them. `input` counts every input token, cached ones
 * included; `output` counts every output token, reasoning included. The other fields are shares of these two.
 */
export interface Usage {
  input: number;
  output: number;
  /** Share of `input` that was read from the provider's prompt cache. */
  cachedInput: number;
  /** Share of `input` that was written to the provider's prompt cache. */
  cacheWrite: number;
  /** Share of `output` that was spent on reasoning. */
  reasoning: number;
}

export const NO_USAGE: Usage = { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cachedInput: a.cachedInput + b.cachedInput,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    reasoning: a.reasoning + b.reasoning,
  };
}

/** Money spent, in USD. Once one part's price is unknown the sum is a lower bound and says so. */
export interface Cost {
  usd: number;
  /** False when at least one model call had no known price. */
  isComplete: boolean;
}

export const NO_COST: Cost = { usd: 0, isComplete: true };

/** Adds one call's cost; null is a call whose price is unknown, and `isWhole` false one that cost more than that. */
export function addCost(total: Cost, usd: number | null, isWhole = true): Cost {
  if (usd === null) return { usd: total.usd, isComplete: false };
  return { usd: total.usd + usd, isComplete: total.isComplete && isWhole };
}

/** `$0.0123`, to the ten-thousandth; little is not nothing: `less than $0.0001`. */
export function usdText(usd: number): string {
  return usd > 0 && usd < 0.00005 ? 'less than $0.0001' : `$${usd.toFixed(4)}`;
}
