import type { Random } from '../../events/random.ts';
import { compareExpr, distanceOf, plain, type Expr } from './expression.ts';
import type { Puzzle } from './puzzle.ts';

/** A way to look for solutions. Its work is bounded by `budget`, so that it never holds up the program. */
export type Solver = (puzzle: Puzzle, budget: number, random: Random) => Search;

/** What a search has found. */
export interface Search {
  best: Expr;
  /** Each find that was nearer than all before it, in the order in which they were found. */
  trail: Expr[];
  /** Finds that miss the target by a little, one for every value. */
  near: Expr[];
  /** Expressions looked at. */
  looked: number;
}

/** Keeps what a search finds and says when its budget is spent. */
export interface Notebook {
  /** Counts one expression; false once the budget is spent. */
  look(expr: Expr): boolean;
  isSpent(): boolean;
  result(): Search;
}

const NEAR = 100;

export function openNotebook(puzzle: Puzzle, budget: number): Notebook {
  let looked = 0;
  const [first, ...others] = puzzle.numbers.map(plain);
  let best = first ?? plain(0);
  const trail: Expr[] = [];
  const near = new Map<number, Expr>();
  const keep = (expr: Expr): void => {
    const distance = distanceOf(expr, puzzle);
    if (distance < distanceOf(best, puzzle)) trail.push(expr);
    if (compareExpr(expr, best, puzzle) < 0) best = expr;
    if (distance > 0 && distance <= NEAR && expr.ops > 0 && !near.has(expr.value)) near.set(expr.value, expr);
  };
  others.forEach(keep);
  return {
    look: (expr) => {
      looked += 1;
      keep(expr);
      return looked < budget;
    },
    isSpent: () => looked >= budget,
    result: () => ({ best, trail, near: [...near.values()], looked }),
  };
}
