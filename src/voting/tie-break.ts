import { seededRandom } from '../events/random.ts';
import type { TieBreak } from '../events/settings.ts';
import type { Candidate } from './tally-input.ts';

/** What can separate candidates that the rule left equal. */
export type TieStep = 'borda' | TieBreak;

/** One try to separate tied candidates: `left` are the indexes that are still equal after it, one when it decided. */
export interface TieRound {
  by: TieStep;
  left: readonly number[];
}

export interface TieBreakInput {
  candidates: readonly Candidate[];
  /** Indexes that the rule left equal. */
  tied: readonly number[];
  tieBreak: TieBreak;
  seed: number;
  /** Borda points per candidate index where they are asked first; null where they are not. */
  borda: readonly number[] | null;
}

/**
 * Separates tied candidates, one step after the other until one is left. Steps that can tie themselves (Borda points,
 * tokens) are followed by the earlier answer and at last by registration order, so the list always ends with a single
 * candidate, and says which step decided.
 */
export function breakTie(input: TieBreakInput): TieRound[] {
  const rounds: TieRound[] = [];
  let left = input.tied;
  for (const { by, keyOf } of stepsOf(input)) {
    if (left.length < 2) break;
    const best = Math.min(...left.map(keyOf));
    left = left.filter((index) => keyOf(index) === best);
    rounds.push({ by, left });
  }
  return rounds;
}

interface Step {
  by: TieStep;
  /** The lowest key wins. */
  keyOf: (index: number) => number;
}

function stepsOf({ candidates, tieBreak, seed, borda }: TieBreakInput): Step[] {
  const keys: Record<TieBreak, Step['keyOf']> = {
    'earliest-answer': (index) => candidates[index]?.seq ?? Infinity,
    'fewest-tokens': (index) => candidates[index]?.tokens ?? Infinity,
    random: (index) => drawnBy(index, seed),
    registration: (index) => index,
  };
  const order = [...new Set<TieBreak>([tieBreak, 'earliest-answer', 'registration'])];
  const steps: Step[] = order.map((by) => ({ by, keyOf: keys[by] }));
  return borda ? [{ by: 'borda', keyOf: (index) => -(borda[index] ?? 0) }, ...steps] : steps;
}

/**
 * Every candidate draws its own number, so one more or one less in a tie changes nothing between the others, and a
 * winner that gets more support cannot lose the lot for it.
 */
function drawnBy(index: number, seed: number): number {
  return seededRandom(seed).fork('tie-break').fork(`${index}`).next();
}
