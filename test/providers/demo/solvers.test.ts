import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkClaim } from '../../../src/providers/demo/claim.ts';
import { combine, plain, writeExpr, workingOf, type Expr } from '../../../src/providers/demo/expression.ts';
import type { Puzzle } from '../../../src/providers/demo/puzzle.ts';
import type { Search } from '../../../src/providers/demo/search.ts';
import { readDemoOptions, search, type StrategyName } from '../../../src/providers/demo/strategy.ts';
import { evaluate } from '../../../src/tools/calculator.ts';

const CLASSIC: Puzzle = { target: 952, numbers: [25, 50, 75, 100, 3, 6] };

const puzzles = fc.record({
  target: fc.integer({ min: 1, max: 2000 }),
  numbers: fc.array(fc.constantFrom(1, 2, 3, 5, 7, 8, 10, 25, 50, 100), { minLength: 2, maxLength: 6 }),
});

const solve = (strategy: StrategyName, puzzle: Puzzle, seed = 1, budget = 3000): Search =>
  search(puzzle, readDemoOptions({ strategy, seed }), budget);

describe.each<StrategyName>(['greedy', 'exhaustive', 'backward'])('the %s solver', (strategy) => {
  it('finds only expressions that keep the rules and are worth what it says', () => {
    fc.assert(
      fc.property(puzzles, fc.integer({ min: 0, max: 99 }), (puzzle, seed) => {
        const { best, trail, near } = solve(strategy, puzzle, seed);
        for (const expr of [best, ...trail, ...near]) {
          const verdict = checkClaim({ expression: writeExpr(expr), claimed: expr.value }, puzzle);
          expect(verdict).toMatchObject({ isTrue: true, value: expr.value, ops: expr.ops, fault: null });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is never further away with its best than with anything else that it found', () => {
    fc.assert(
      fc.property(puzzles, (puzzle) => {
        const { best, trail, near } = solve(strategy, puzzle);
        const distance = (value: number): number => Math.abs(puzzle.target - value);
        const nearest = Math.min(
          ...[...trail, ...near].map((expr) => distance(expr.value)),
          ...puzzle.numbers.map(distance),
        );
        expect(distance(best.value)).toBeLessThanOrEqual(nearest);
      }),
      { numRuns: 40 },
    );
  });

  it('finds the same again for the same seed', () => {
    expect(solve(strategy, CLASSIC, 5)).toEqual(solve(strategy, CLASSIC, 5));
  });

  it('takes a number that is the target already', () => {
    expect(solve(strategy, { target: 75, numbers: [25, 75, 3] }).best).toEqual(plain(75));
  });

  it('finds the one operation that is needed', () => {
    expect(solve(strategy, { target: 150, numbers: [50, 3] }).best).toMatchObject({ value: 150, ops: 1 });
  });
});

describe('the exhaustive solver', () => {
  it('finds an exact solution whenever there is one, given the budget', () => {
    // (4 + 5) × (6 − 3) joins two compound expressions, so no chain of single numbers is needed to reach it.
    expect(solve('exhaustive', { target: 27, numbers: [4, 5, 6, 3] }, 1, 100_000).best.value).toBe(27);
    expect(solve('exhaustive', { target: 5, numbers: [2, 2] }, 1, 100_000).best.value).toBe(4);
  });

  it('stops when its budget is spent', () => {
    expect(solve('exhaustive', CLASSIC, 1, 500).looked).toBe(500);
  });
});

describe('the backward solver', () => {
  it('solves the classic puzzle with the budget of a judge, whatever its seed', () => {
    for (let seed = 0; seed < 10; seed += 1) expect(solve('backward', CLASSIC, seed, 120_000).best.value).toBe(952);
  });
});

describe('combine', () => {
  it.each([
    ['an operand below the other', 3, '-', 5],
    ['a fraction', 7, '/', 2],
    ['a zero', 5, '-', 5],
    ['a multiplication by one', 5, '*', 1],
    ['a division by one', 5, '/', 1],
    ['a result equal to an operand', 6, '-', 3],
    ['a number that is too large', 1e9, '*', 1e9],
  ] as const)('refuses %s', (_, a, operator, b) => {
    expect(combine(plain(a), operator, plain(b))).toBeNull();
  });
});

/** Any expression, built by the rules. */
const exprs: fc.Arbitrary<Expr> = fc
  .array(
    fc.record({
      n: fc.integer({ min: 1, max: 60 }),
      operator: fc.constantFrom('+', '-', '*', '/'),
      fold: fc.boolean(),
    }),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((parts) => {
    const pool: Expr[] = [];
    for (const { n, operator, fold } of parts) {
      const last = pool.pop();
      const joined = last ? (combine(last, operator, plain(n)) ?? combine(plain(n), operator, last)) : plain(n);
      pool.push(joined ?? plain(n));
      const [a, b] = pool.slice(-2);
      const both = fold && a && b ? (combine(a, operator, b) ?? combine(b, operator, a)) : null;
      if (both) pool.splice(-2, 2, both);
      else if (fold) pool.push(plain(n));
    }
    return pool[0]!;
  });

describe('writeExpr', () => {
  it('writes what the calculator computes to the same value in the same steps', () => {
    fc.assert(
      fc.property(exprs, (expr) => {
        const result = evaluate(writeExpr(expr));
        expect(result).toMatchObject({ ok: true, value: { num: BigInt(expr.value), den: 1n } });
        expect(result.ok && result.steps.map((step) => step.result.num)).toEqual(
          workingOf(expr).map((step) => BigInt(step.split('= ')[1]!)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('writes parentheses only where they are needed', () => {
    const twelve = combine(plain(7), '+', plain(5))!;
    const four = combine(plain(9), '-', plain(5))!;
    expect(writeExpr(combine(twelve, '*', four)!)).toBe('(7 + 5) × (9 − 5)');
    expect(writeExpr(combine(twelve, '+', four)!)).toBe('7 + 5 + 9 − 5');
    expect(writeExpr(combine(twelve, '-', four)!)).toBe('7 + 5 − (9 − 5)');
    expect(writeExpr(combine(combine(plain(8), '*', plain(3))!, '/', plain(4))!)).toBe('8 × 3 ÷ 4');
  });
});

describe('readDemoOptions', () => {
  it.each([
    [
      { strategy: 'lazy' },
      'The option "strategy" of a built-in agent is "lazy"; set it to greedy, exhaustive or backward.',
    ],
    [{ error_rate: 1.5 }, 'The option "error_rate" of a built-in agent is 1.5; set it to a number from 0 to 1.'],
    [{ seed: 'x' }, 'The option "seed" of a built-in agent is "x"; set it to a whole number.'],
  ])('refuses %j', (options, message) => {
    expect(() => readDemoOptions(options)).toThrow(expect.objectContaining({ code: 'demo-options', message }) as Error);
  });
});
