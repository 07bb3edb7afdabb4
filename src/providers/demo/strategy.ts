import type { JsonObject } from '../../events/json.ts';
import { seededRandom } from '../../events/random.ts';
import { MassgenError } from '../../platform/errors.ts';
import { solveBackward } from './backward.ts';
import { solveExhaustively } from './exhaustive.ts';
import { solveGreedily } from './greedy.ts';
import type { Puzzle } from './puzzle.ts';
import type { Search, Solver } from './search.ts';

/** How a built-in agent solves puzzles, and how it looks while it does. */
export interface Strategy {
  solver: Solver;
  /** Expressions looked at for a draft, and when it looks again while judging. Both take well below 50 ms. */
  draftBudget: number;
  judgeBudget: number;
  /** How fast it writes. */
  tokensPerSecond: number;
}

export type StrategyName = 'greedy' | 'exhaustive' | 'backward';

const STRATEGIES: Record<StrategyName, Strategy> = {
  greedy: { solver: solveGreedily, draftBudget: 3000, judgeBudget: 3000, tokensPerSecond: 50 },
  exhaustive: { solver: solveExhaustively, draftBudget: 8000, judgeBudget: 30_000, tokensPerSecond: 42 },
  backward: { solver: solveBackward, draftBudget: 12_000, judgeBudget: 120_000, tokensPerSecond: 36 },
};

/**
 * The seed of a demo that names none. An ordinary run of the solvers, picked among others because on the usual puzzle
 * it shows all that can happen: a near miss, a slip that is found out, and an improvement while judging.
 */
export const DEFAULT_DEMO_SEED = 9;
/** How often a draft slips when the options do not say. */
const DEFAULT_ERROR_RATE = 0.25;

export interface DemoOptions {
  name: StrategyName;
  strategy: Strategy;
  /** 0 to 1. */
  errorRate: number;
  seed: number;
}

/** Reads `strategy`, `error_rate` and `seed`. Throws a MassgenError that names what is wrong. */
export function readDemoOptions(options: JsonObject): DemoOptions {
  const {
    strategy: name = 'exhaustive',
    error_rate: errorRate = DEFAULT_ERROR_RATE,
    seed = DEFAULT_DEMO_SEED,
  } = options;
  if (name !== 'greedy' && name !== 'exhaustive' && name !== 'backward') {
    throw wrong('strategy', 'greedy, exhaustive or backward', name);
  }
  if (typeof errorRate !== 'number' || !(errorRate >= 0 && errorRate <= 1)) {
    throw wrong('error_rate', 'a number from 0 to 1', errorRate);
  }
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed)) throw wrong('seed', 'a whole number', seed);
  return { name, strategy: STRATEGIES[name], errorRate, seed };
}

function wrong(key: string, wanted: string, value: unknown): MassgenError {
  return new MassgenError(
    'demo-options',
    `The option "${key}" of a built-in agent is ${JSON.stringify(value)}; set it to ${wanted}.`,
  );
}

/** The same options and puzzle find the same. A larger budget goes on where the smaller one stopped. */
export function search(puzzle: Puzzle, { name, strategy, seed }: DemoOptions, budget: number): Search {
  return strategy.solver(puzzle, budget, seededRandom(`${seed}/${name}/${puzzle.target}/${puzzle.numbers.join()}`));
}
