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
   * Known of an independent simulation of the same kind (research on restarts), which is rougher than the engine: answers per
   * run, and answers that all prompts of a run hold together. Null where it says nothing.
   */
  known: { answers: number | null; copies: number | null };
}

const RESTART = { updates: 'restart', timeoutMs: null, earlyStop: 'never' } as const;
const INJECT = { ...RESTART, updates: 'inject' } as const;
const uncapped = (agents: number, answers: number): Storm => ({
  name: `${agents} agents without a cap`,
  agents,
  settings: { ...RESTART, maxAnswersPerAgent: null },
  known: { answers, copies: null },
});

export const STORMS: readonly Storm[] = [
  uncapped(2, 4),
  uncapped(3, 7.9),
  uncapped(4, 15.4),
  uncapped(5, 31.7),
  {
    name: '10 agents with a cap of 2',
    agents: 10,
    settings: { ...RESTART, maxAnswersPerAgent: 2 },
    known: { answers: 17, copies: null },
  },
  {
    name: '5 agents that begin again, cap of 2',
    agents: 5,
    settings: { ...RESTART, maxAnswersPerAgent: 2 },
    known: { answers: null, copies: 127 },
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
