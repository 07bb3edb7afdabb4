import type { AgentSpec, TeamSpec } from '../config/team.ts';
import type { Clock } from '../platform/clock.ts';
import { loadPrices } from '../providers/prices.ts';
import type { Suite } from './suite/suite.ts';

/** What a suite will take, by rule of thumb. */
export interface Estimate {
  trials: number;
  /** Model calls at most, where nobody uses tools, of teams and judge. */
  requests: number;
  /** In USD; null where the price of a model is unknown. */
  usd: number | null;
}

/** Tokens of an answer, and of what a prompt holds besides questions and answers. */
const ANSWER_TOKENS = 600;
const PROMPT_TOKENS = 900;
const CHARS_PER_TOKEN = 4;
/** Each text is judged in two orders. */
const VERDICTS = 2;

/**
 * One draft, one ballot and every second agent one better answer, at 600 tokens each, and a judge who reads all of them
 * twice where a case has a rubric: right to a factor of about three. Never rejects.
 */
export async function estimateCost(
  suite: Suite,
  teams: readonly TeamSpec[],
  judge: TeamSpec | null,
  clock: Clock,
): Promise<Estimate> {
  const { cases, seeds } = suite;
  const perTeam = cases.length * seeds.length;
  const rubrics = cases.flatMap(({ check, question }) => (check.type === 'judge' ? [question + check.rubric] : []));
  const judged = judge === null ? 0 : rubrics.length * seeds.length;
  const question = PROMPT_TOKENS + meanTokens(cases.map((item) => item.question));
  const verdict = PROMPT_TOKENS + meanTokens(rubrics) + ANSWER_TOKENS;
  const parts: Part[] = teams.flatMap((team) => [
    { agents: team.agents, times: perTeam, asked: question, most: mostCalls(team) },
    ...(judge === null
      ? []
      : [{ agents: judge.agents, times: judged * textsOf(team) * VERDICTS, asked: verdict, most: mostCalls(judge) }]),
  ]);
  let usd: number | null = 0;
  for (const part of parts) {
    const cost = part.times === 0 ? 0 : await costOf(part, clock);
    usd = cost === null || usd === null ? null : usd + cost;
  }
  const requests = Math.ceil(parts.reduce((sum, { times, most }) => sum + times * most, 0));
  return { trials: perTeam * suite.teams.length, requests, usd };
}

/** A team that is asked something so many times. */
interface Part {
  agents: readonly AgentSpec[];
  times: number;
  /** Tokens of what it is asked. */
  asked: number;
  /** Model calls at most, each time. */
  most: number;
}

function mostCalls({ agents }: TeamSpec): number {
  return agents.length === 1 ? 1 : 3 * agents.length + 2;
}

/** Answers to judge of one trial. */
function textsOf({ agents }: TeamSpec): number {
  return agents.length === 1 ? 1 : 1.5 * agents.length;
}

function meanTokens(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0) / Math.max(1, texts.length) / CHARS_PER_TOKEN;
}

async function costOf({ agents, times, asked }: Part, clock: Clock): Promise<number | null> {
  const isAlone = agents.length === 1;
  const calls = isAlone ? 1 : 2.5;
  const input = isAlone ? asked : calls * (asked + 0.6 * agents.length * ANSWER_TOKENS);
  const usage = { input, output: calls * ANSWER_TOKENS, cachedInput: 0, cacheWrite: 0, reasoning: 0 };
  let usd = 0;
  for (const { backend } of agents) {
    if (backend.protocol === 'demo' || backend.protocol === 'scripted') continue;
    const cost = (await loadPrices(backend, clock)).costUsd(usage);
    if (cost === null) return null;
    usd += cost * times;
  }
  return usd;
}
