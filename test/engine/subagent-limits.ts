/** Room for a few subagents of a test. */
export const SUBAGENTS = {
  timeoutMs: 60_000,
  maxAtOnce: 2,
  maxPerAgent: 4,
  maxPerRun: 5,
  roundLimits: { firstMs: null, laterMs: null, graceMs: 1_000 },
};
