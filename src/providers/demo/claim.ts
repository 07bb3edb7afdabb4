import { evaluate, type Evaluation } from '../../tools/calculator.ts';
import type { Puzzle } from './puzzle.ts';
import { workingOf, writeExpr, type Expr } from './expression.ts';

/** What an answer claims: that its expression has a value. */
export interface Claim {
  expression: string;
  /** Null when the answer does not say. */
  claimed: number | null;
}

/** How a claim stands up to a check. */
export interface Verdict {
  /** What the expression really is worth; null when it breaks the rules or cannot be computed. */
  value: number | null;
  distance: number;
  ops: number;
  /** The largest number on the way. */
  peak: number;
  /** A valid expression that is worth what the answer says. */
  isTrue: boolean;
  /** What is wrong; null when nothing is. */
  fault: string | null;
}

const MAX_CLAIM = 200;
const MAX_ANSWER = 20_000;
const MAX_LINES = 300;
const MAX_LINE = 500;

/** The text of an answer. `claimed` differs from the expression's value only in a draft with a slip. */
export function writeAnswer(expr: Expr, claimed: number, puzzle: Puzzle): string {
  const distance = Math.abs(puzzle.target - claimed);
  const working = workingOf(expr);
  const slipped = working.map((step, index) =>
    index === working.length - 1 ? step.replace(/= \d+$/, `= ${claimed}`) : step,
  );
  return [
    distance === 0 ? `**${claimed}**, exactly.` : `**${claimed}**, ${distance} away from ${puzzle.target}.`,
    '',
    `Expression: ${writeExpr(expr)}`,
    `= ${claimed}`,
    '',
    ...(slipped.length > 0 ? ['Working:', '', ...slipped.map((step, index) => `${index + 1}. ${step}`), ''] : []),
    `Distance from the target: ${distance}`,
    ...(puzzle.isMarked ? ['', `Answer: ${writeExpr(expr)}`] : []),
  ].join('\n');
}

/** Reads what an answer claims, whoever wrote it; null when it holds no expression. */
export function readClaim(text: string): Claim | null {
  const clean = text.slice(0, MAX_ANSWER).replaceAll(/[`*_$]{2,}|[`$]/g, '');
  const labelled = /^[^\w\n]{0,10}expression[^\w\n]{0,10}:[ \t]*(.+)$/im.exec(clean)?.[1] ?? '';
  for (const line of [labelled, ...clean.split('\n').slice(0, MAX_LINES)]) {
    const parts = line.slice(0, MAX_LINE).replace(/^.*:/, '').split(/[=≈]/);
    const expression = parts.map((part) => part.trim()).find(isExpression);
    if (expression !== undefined) return { expression, claimed: wholeNumber(parts.at(-1)) ?? claimedBelow(clean) };
  }
  // A single number can be an expression, but only where the answer says so.
  const number = wholeNumber(labelled);
  return number === null ? null : { expression: String(number), claimed: claimedBelow(clean) };
}

function isExpression(part: string): boolean {
  if (part.length > MAX_CLAIM) return false;
  const result = evaluate(part);
  return result.ok ? result.steps.length > 0 : result.message === 'division by zero';
}

/** A line of its own that says what the expression comes to. */
function claimedBelow(text: string): number | null {
  return wholeNumber(/^[ \t]{0,10}=(.*)$/m.exec(text)?.[1]);
}

function wholeNumber(text: string | undefined): number | null {
  const match = /^\s*(\d{1,12})\s*[.!]?\s*$/.exec(text ?? '');
  return match ? Number(match[1]) : null;
}

/** Checks a claim against the rules. `value` is what a calculator made of the expression, if one was asked. */
export function checkClaim(claim: Claim, puzzle: Puzzle, value?: number | null): Verdict {
  const result = evaluate(claim.expression);
  const fault = faultOf(result, puzzle);
  const computed = fault || !result.ok ? null : value === undefined ? Number(result.value.num) : value;
  const wrong = computed !== null && claim.claimed !== null && claim.claimed !== computed;
  return {
    value: computed,
    distance: computed === null ? Infinity : Math.abs(puzzle.target - computed),
    ops: result.ok ? result.steps.length : Infinity,
    peak: result.ok ? Math.max(...result.steps.map((step) => Number(step.result.num)), 0) : Infinity,
    isTrue: computed !== null && !wrong,
    fault:
      fault ??
      (wrong
        ? `it claims ${claim.claimed}, but comes to ${computed}`
        : computed === null
          ? 'it cannot be computed'
          : null),
  };
}

function faultOf(result: Evaluation, puzzle: Puzzle): string | null {
  if (!result.ok) return `it cannot be computed: ${result.message}`;
  const left = [...puzzle.numbers];
  for (const number of result.numbersUsed) {
    const index = left.indexOf(number);
    if (index < 0)
      return puzzle.numbers.includes(number) ? `it uses ${number} too often` : `${number} is not among the numbers`;
    left.splice(index, 1);
  }
  const bad = result.steps.find((step) => step.result.den !== 1n || step.result.num <= 0n);
  return bad ? 'a value on the way is no positive whole number' : null;
}

/** Below zero when `a` is the better answer: true claims first, then nearer, shorter, smaller numbers on the way. */
export function compareVerdicts(a: Verdict, b: Verdict): number {
  return (
    Number(b.isTrue) - Number(a.isTrue) || order(a.distance, b.distance) || order(a.ops, b.ops) || order(a.peak, b.peak)
  );
}

/** Two infinities are equal. */
function order(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
