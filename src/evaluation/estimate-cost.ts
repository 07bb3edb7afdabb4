import type { TeamSpec } from '../config/team.ts';
import type { Clock } from '../platform/clock.ts';
import { loadPrices } from '../providers/prices.ts';
import type { Suite } from './suite/suite.ts';

/** What a suite will take, by rule of thumb. */
export interface Estimate {
  trials: number;
  /** Model calls at most, where nobody uses tools. */
  requests: number;
  /** In USD; null where the price of a model is unknown. */
  usd: number | null;
}

/** Tokens of an answer, and of what a prompt holds besides questions and answers. */
const ANSWER_TOKENS = 600;
const PROMPT_TOKENS = 900;
const CHARS_PER_TOKEN = 4;

/**
 * One draft, one ballot and every second agent one better answer, at 600 tokens each: right to a factor of about three.
 * Never rejects.
 */
export async function estimateCost(suite: Suite, teams: readonly TeamSpec[], clock: Clock): Promise<Estimate> {
  const perTeam = suite.cases.length * suite.seeds.length;
  const chars = suite.cases.reduce((sum, { question }) => sum + question.length, 0) / Math.max(1, suite.cases.length);
  const asked = PROMPT_TOKENS + chars / CHARS_PER_TOKEN;
  let usd: number | null = 0;
  let requests = 0;
  for (const { agents } of teams) {
    const isAlone = agents.length === 1;
    requests += perTeam * (isAlone ? 1 : 3 * agents.length + 2);
    const calls = isAlone ? 1 : 2.5;
    const input = isAlone ? asked : calls * (asked + 0.6 * agents.length * ANSWER_TOKENS);
    for (const { backend } of agents) {
      if (backend.protocol === 'demo' || backend.protocol === 'scripted') continue;
      const prices = await loadPrices(backend, clock);
      const cost = prices.costUsd({
        input,
        output: calls * ANSWER_TOKENS,
        cachedInput: 0,
        cacheWrite: 0,
        reasoning: 0,
      });
      usd = cost === null || usd === null ? null : usd + cost * perTeam;
    }
  }
  return { trials: perTeam * suite.teams.length, requests, usd };
}
