import { combine, compareExpr, OPERATORS, plain, type Expr } from './expression.ts';
import { openNotebook, type Notebook, type Solver } from './search.ts';
import type { Puzzle } from './puzzle.ts';
import type { Random } from '../../events/random.ts';

/** Climbs per search; the first goes straight up, the others start with a random step. */
const CLIMBS = 12;

/**
 * Climbs: always does the operation that comes nearest to the target, until nothing comes nearer. Fast, and easily
 * stuck on a near miss, since the way to the target often leads away from it first.
 */
export const solveGreedily: Solver = (puzzle, budget, random) => {
  const notebook = openNotebook(puzzle, budget);
  for (let climb = 0; climb < CLIMBS && !notebook.isSpent(); climb += 1) climbOnce(puzzle, notebook, random, climb > 0);
  return notebook.result();
};

function climbOnce(puzzle: Puzzle, notebook: Notebook, random: Random, startsAnywhere: boolean): void {
  let pool = puzzle.numbers.map(plain);
  let isFirst = startsAnywhere;
  let reached: Expr | null = null;
  while (pool.length > 1) {
    const moves = movesOf(pool, notebook);
    if (moves.length === 0) return;
    const nearest = moves.reduce((a, b) => (compareExpr(b.made, a.made, puzzle) < 0 ? b : a));
    const move = isFirst ? random.pick(moves) : nearest;
    if (!isFirst && reached && compareExpr(move.made, reached, puzzle) >= 0) return;
    reached = isFirst ? null : move.made;
    isFirst = false;
    pool = [...move.rest, move.made];
  }
}

/** Every operation on two expressions of the pool, with what is left after it. */
function movesOf(pool: readonly Expr[], notebook: Notebook): { made: Expr; rest: Expr[] }[] {
  const moves: { made: Expr; rest: Expr[] }[] = [];
  for (const left of pool) {
    for (const right of pool) {
      if (left === right) continue;
      for (const operator of OPERATORS) {
        const made = combine(left, operator, right);
        if (!made) continue;
        moves.push({ made, rest: pool.filter((expr) => expr !== left && expr !== right) });
        if (!notebook.look(made)) return moves;
      }
    }
  }
  return moves;
}
