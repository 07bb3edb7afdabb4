import type { Cost } from '../events/usage.ts';

/** USD for a million tokens; null where the price is unknown. */
export type TokenPrices = { input: number; output: number } | null;

/** Tokens of a question with its instructions, of an answer, and of a ballot with its reason. */
const ASKED = 1000;
const ANSWERED = 1000;
const VOTED = 300;

/**
 * What a question of usual length may cost: every agent drafts one answer of about 1,000 tokens, reads all of them and
 * votes, and one presents. Answers that think for long or that are revised cost several times as much. Unknown prices
 * make it a lower bound. Pure.
 */
export function estimateQuestion(agents: readonly TokenPrices[]): Cost {
  const read = ASKED + ANSWERED * agents.length;
  let usd = 0;
  for (const prices of agents) {
    if (prices === null) continue;
    const calls = agents.length === 1 ? 1 : 2 + 1 / agents.length;
    const input = agents.length === 1 ? ASKED : ASKED + read * (calls - 1);
    const output = agents.length === 1 ? ANSWERED : ANSWERED + VOTED + ANSWERED / agents.length;
    usd += (input * prices.input + output * prices.output) / 1_000_000;
  }
  return { usd, isComplete: !agents.includes(null) };
}
