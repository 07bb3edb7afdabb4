import type { Operator } from '../../tools/calculator.ts';
import type { Random } from '../../events/random.ts';
import { combine, OPERATORS, plain, type Expr } from './expression.ts';
import { solveGreedily } from './greedy.ts';
import type { Puzzle } from './puzzle.ts';
import { openNotebook, type Notebook, type Solver } from './search.ts';

/** Targets are tried in this order: the right one, then its neighbours. */
const OFFSETS = [0, 1, -1, 2, -2, 3, -3, 5, -5, 10, -10];
/** A goal beyond this is not worth dividing down from. */
const MAX_GOAL = 1_000_000;

/**
 * Works from the target back: takes one number off it by an inverse operation, factors first, and solves what is
 * left with the other numbers; fewest numbers first. Misses solutions that join two compound expressions. Where no way
 * back works out, it climbs once like its greedy colleague, so that it has something to say.
 */
export const solveBackward: Solver = (puzzle, budget, random) => {
  // The budget is spent on goals; what it costs to look at pairs is bounded by that.
  const notebook = openNotebook(puzzle, Infinity);
  for (const [index, offset] of OFFSETS.entries()) {
    // Half of the budget is for the target itself.
    const share = index === 0 ? budget / 2 : budget / 2 / (OFFSETS.length - 1);
    const goal = puzzle.target + offset;
    if (goal > 0) solveGoal(goal, puzzle, { notebook, random, left: Math.floor(share) });
    if (notebook.result().best.value === goal) return notebook.result();
  }
  notebook.look(solveGreedily(puzzle, budget, random).best);
  return notebook.result();
};

interface Walk {
  notebook: Notebook;
  random: Random;
  /** Goals that may still be looked at. */
  left: number;
}

function solveGoal(goal: number, puzzle: Puzzle, walk: Walk): void {
  for (let size = 1; size <= puzzle.numbers.length && walk.left > 0; size += 1) {
    const found = back(goal, walk.random.shuffle(puzzle.numbers), size, walk);
    if (found) {
      walk.notebook.look(found);
      return;
    }
  }
}

/** An expression for `goal` out of exactly `size` of the numbers. */
function back(goal: number, numbers: readonly number[], size: number, walk: Walk): Expr | null {
  walk.left -= 1;
  if (walk.left <= 0 || goal > MAX_GOAL) return null;
  if (size === 1) return numbers.includes(goal) ? plain(goal) : null;
  if (size === 2) return pairFor(goal, numbers, walk.notebook);
  for (const { number, inner, rebuild } of waysBack(goal, numbers)) {
    const rest = numbers.toSpliced(numbers.indexOf(number), 1);
    const found = back(inner, rest, size - 1, walk);
    const made = found && rebuild(found);
    if (made) return made;
  }
  return null;
}

function pairFor(goal: number, numbers: readonly number[], notebook: Notebook): Expr | null {
  for (const [index, a] of numbers.entries()) {
    for (const b of numbers.slice(index + 1)) {
      for (const operator of OPERATORS) {
        const made = join(plain(a), operator, plain(b));
        if (!made) continue;
        if (made.value === goal) return made;
        notebook.look(made);
      }
    }
  }
  return null;
}

interface WayBack {
  number: number;
  inner: number;
  rebuild: (found: Expr) => Expr | null;
}

function waysBack(goal: number, numbers: readonly number[]): WayBack[] {
  const factors: WayBack[] = [];
  const others: WayBack[] = [];
  const add = (list: WayBack[], number: number, inner: number, operator: Operator): void => {
    if (inner > 0 && Number.isInteger(inner)) {
      list.push({ number, inner, rebuild: (found) => join(found, operator, plain(number)) });
    }
  };
  for (const number of new Set(numbers)) {
    if (number > 1) {
      add(factors, number, goal / number, '*');
      add(others, number, goal * number, '/');
      add(others, number, number / goal, '/');
    }
    add(others, number, goal - number, '+');
    add(others, number, goal + number, '-');
    add(others, number, number - goal, '-');
  }
  return [...factors, ...others];
}

/** Joins two expressions, the larger one first. */
function join(a: Expr, operator: Operator, b: Expr): Expr | null {
  return a.value >= b.value ? combine(a, operator, b) : combine(b, operator, a);
}
