import { evaluate, type CalculationStep, type Operator } from '../../tools/calculator.ts';
import type { Puzzle } from './puzzle.ts';

/** An expression that keeps the rules: every value in it is a positive whole number. */
export interface Expr {
  value: number;
  /** Operations in it. */
  ops: number;
  /** Null for a plain number. */
  made: { operator: Operator; left: Expr; right: Expr } | null;
}

/** Far above any value that helps, and far below where numbers lose exactness. */
const MAX_VALUE = 1e12;

export function plain(value: number): Expr {
  return { value, ops: 0, made: null };
}

/**
 * Joins two expressions, or null when the result breaks the rules or cannot help: it would be no positive whole
 * number, equal to one of its operands, or the same sum or product written the other way round.
 */
export function combine(left: Expr, operator: Operator, right: Expr): Expr | null {
  const [a, b] = [left.value, right.value];
  if (a < b || ((operator === '*' || operator === '/') && b === 1)) return null;
  const value = apply(a, operator, b);
  if (!Number.isInteger(value) || value <= 0 || value > MAX_VALUE || value === a || value === b) return null;
  return { value, ops: left.ops + right.ops + 1, made: { operator, left, right } };
}

export const OPERATORS: readonly Operator[] = ['+', '-', '*', '/'];

function apply(a: number, operator: Operator, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
  }
}

export function distanceOf(expr: { value: number }, puzzle: Puzzle): number {
  return Math.abs(puzzle.target - expr.value);
}

/** Below zero when `a` is the better solution: nearer, then fewer operations, then smaller numbers on the way. */
export function compareExpr(a: Expr, b: Expr, puzzle: Puzzle): number {
  return distanceOf(a, puzzle) - distanceOf(b, puzzle) || a.ops - b.ops || peakOf(a) - peakOf(b);
}

/** The largest number on the way. */
function peakOf(expr: Expr): number {
  return expr.made ? Math.max(expr.value, peakOf(expr.made.left), peakOf(expr.made.right)) : expr.value;
}

const SIGNS: Record<Operator, string> = { '+': '+', '-': '−', '*': '×', '/': '÷' };
const RANKS: Record<Operator, number> = { '+': 1, '-': 1, '*': 2, '/': 2 };

/** With the signs of a schoolbook and no parentheses that are not needed. */
export function writeExpr(expr: Expr): string {
  if (!expr.made) return String(expr.value);
  const { operator, left, right } = expr.made;
  const rank = RANKS[operator];
  const isLeftLower = left.made !== null && RANKS[left.made.operator] < rank;
  const isRightLower =
    right.made !== null &&
    (RANKS[right.made.operator] < rank ||
      (RANKS[right.made.operator] === rank && (operator === '-' || operator === '/' || right.made.operator === '/')));
  return `${wrap(writeExpr(left), isLeftLower)} ${SIGNS[operator]} ${wrap(writeExpr(right), isRightLower)}`;
}

function wrap(text: string, isNeeded: boolean): string {
  return isNeeded ? `(${text})` : text;
}

/** The operations in the order in which they are done as it is written, such as `100 + 6 = 106`. */
export function workingOf(expr: Expr): string[] {
  const result = evaluate(writeExpr(expr));
  return result.ok ? writeSteps(result.steps) : [];
}

/** Steps with whole numbers, one line each. */
export function writeSteps(steps: readonly CalculationStep[]): string[] {
  return steps.map(
    ({ left, operator, right, result }) => `${left.num} ${SIGNS[operator]} ${right.num} = ${result.num}`,
  );
}
