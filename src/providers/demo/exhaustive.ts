import { combine, OPERATORS, plain, type Expr } from './expression.ts';
import { openNotebook, type Solver } from './search.ts';

/**
 * Tries everything, depth first, in a random order: joins two of the numbers, goes on with what is left, and never
 * looks at the same set of values twice. Finds the best there is if the budget allows, and says nothing of how.
 */
export const solveExhaustively: Solver = (puzzle, budget, random) => {
  const notebook = openNotebook(puzzle, budget);
  const seen = new Set<string>();

  const explore = (pool: readonly Expr[]): void => {
    for (const [left, right] of random.shuffle(pairsOf(pool))) {
      const rest = pool.filter((expr) => expr !== left && expr !== right);
      for (const operator of OPERATORS) {
        const made = combine(left, operator, right);
        if (!made) continue;
        if (!notebook.look(made)) return;
        if (rest.length === 0) continue;
        const next = [...rest, made].toSorted((a, b) => a.value - b.value);
        const key = next.map((expr) => expr.value).join();
        if (seen.has(key)) continue;
        seen.add(key);
        explore(next);
        if (notebook.isSpent()) return;
      }
    }
  };

  explore(puzzle.numbers.map(plain));
  return notebook.result();
};

/** Every two of them, the larger first. */
function pairsOf(pool: readonly Expr[]): [Expr, Expr][] {
  return pool.flatMap((a, index) =>
    pool.slice(index + 1).map((b): [Expr, Expr] => (a.value >= b.value ? [a, b] : [b, a])),
  );
}
