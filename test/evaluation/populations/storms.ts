import { tasteMember } from '../../../src/evaluation/populations/member.ts';
import { simulate } from '../../../src/evaluation/populations/simulate.ts';
import type { CoordinationSettings } from '../../../src/events/settings.ts';

/**
 * A population of which each member hands in a further answer half of the times that it looks at those of the others, while
 * it may. Work takes 30 to 90 seconds a turn.
 */
export interface Storm {
  name: string;
  agents: number;
  settings: Partial<CoordinationSettings>;
  /**
   * Known without this program: answers per run, and answers that all prompts of a run hold together, by plain simulations of
   * the same population (6,000 runs each). Null where they say nothing.
   */
  known: { answers: number | null; copies: number | null };
}

const RESTART = { updates: 'restart', timeoutMs: null, earlyStop: 'never' } as const;
const INJECT = { ...RESTART, updates: 'inject' } as const;
/**
 * It ends once all agents have voted in a row. A look is a vote half of the times, and anything else is a further answer after
 * which all look again: 2^n - 1 of them are expected before n votes in a row, as tosses of a coin before n heads. The first
 * answers come before, one of each agent, since nobody sees another one's until all are there. (Where the first answer
 * makes all others look at once, there is one of them: 2^n answers, 4 to 32.)
 */
const uncapped = (agents: number): Storm => ({
  name: `${agents} agents without a cap`,
  agents,
  settings: { ...RESTART, maxAnswersPerAgent: null },
  known: { answers: agents + 2 ** agents - 1, copies: null },
});

export const STORMS: readonly Storm[] = [
  uncapped(2),
  uncapped(3),
  uncapped(4),
  uncapped(5),
  {
    name: '10 agents with a cap of 2',
    agents: 10,
    settings: { ...RESTART, maxAnswersPerAgent: 2 },
    known: { answers: 18.4, copies: null },
  },
  {
    name: '5 agents that begin again, cap of 2',
    agents: 5,
    settings: { ...RESTART, maxAnswersPerAgent: 2 },
    known: { answers: 8.6, copies: 114.3 },
  },
  {
    name: '5 agents that are told, cap of 2',
    agents: 5,
    settings: { ...INJECT, maxAnswersPerAgent: 2 },
    known: { answers: null, copies: 76 },
  },
];

/** Of the first `count` seeds: answers, and answers in prompts, of each run. */
export async function stormOf(
  { agents, settings }: Pick<Storm, 'agents' | 'settings'>,
  count: number,
): Promise<{ answers: number[]; copies: number[] }> {
  const members = Array.from({ length: agents }, (_, index) => ({
    ...tasteMember(`m${index}`, { refines: 0.5 }),
    workMs: (random: { next(): number }) => 30_000 + 60_000 * random.next(),
  }));
  const found: { answers: number[]; copies: number[] } = { answers: [], copies: [] };
  for (let seed = 0; seed < count; seed += 1) {
    const { drafts, answersInPrompts } = await simulate({ members, seed, settings });
    found.answers.push(drafts.size);
    found.copies.push(answersInPrompts);
  }
  return found;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How far the mean of so many draws may be from its own, at 95 %. */
export function offOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return 1.96 * Math.sqrt(variance / values.length);
}
