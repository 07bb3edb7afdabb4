import type { Tool } from './tool.ts';

/** An exact number: a reduced fraction with a denominator above zero. */
export interface Fraction {
  num: bigint;
  den: bigint;
}

/** One operation, in the order in which it is done. */
export interface CalculationStep {
  left: Fraction;
  operator: Operator;
  right: Fraction;
  result: Fraction;
}

export type Operator = '+' | '-' | '*' | '/';

export type Evaluation =
  | {
      ok: true;
      value: Fraction;
      /** Every number that is written in the expression, from left to right. */
      numbersUsed: number[];
      steps: CalculationStep[];
    }
  /** `position` counts characters from 1. */
  | { ok: false; message: string; position: number };

/** Longer expressions are refused; with this bound no result can grow beyond a few thousand digits. */
export const MAX_EXPRESSION_LENGTH = 1000;

const OPERATORS: Readonly<Record<string, Operator>> = {
  '+': '+',
  '-': '-',
  '−': '-',
  '–': '-',
  '*': '*',
  '×': '*',
  '·': '*',
  '/': '/',
  '÷': '/',
};

/**
 * Computes + - * / (also × ÷ −) and parentheses exactly, with whole and decimal numbers of any size. Pure; never
 * throws. There is no implied multiplication.
 */
export function evaluate(expression: string): Evaluation {
  if (expression.length > MAX_EXPRESSION_LENGTH) {
    return fail(`the expression is longer than ${MAX_EXPRESSION_LENGTH} characters`, MAX_EXPRESSION_LENGTH + 1);
  }
  try {
    return new Parser(expression).parse();
  } catch (error) {
    if (error instanceof Mistake) return fail(error.message, error.position);
    throw error;
  }
}

function fail(message: string, position: number): Evaluation {
  return { ok: false, message, position };
}

/** Leaves the parser at the first mistake; never leaves this module. */
class Mistake extends Error {
  readonly position: number;

  constructor(message: string, index: number) {
    super(message);
    this.position = index + 1;
  }
}

/** Recursive descent, one method per level of precedence; its depth is bounded by the length of the expression. */
class Parser {
  readonly #text: string;
  #index = 0;
  readonly #numbers: number[] = [];
  readonly #steps: CalculationStep[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Evaluation {
    const value = this.#sum();
    if (this.#peek() !== '') {
      throw new Mistake(
        this.#peek() === ')' ? 'this ")" closes nothing' : `${this.#found()} where an operator should be`,
        this.#index,
      );
    }
    return { ok: true, value, numbersUsed: this.#numbers, steps: this.#steps };
  }

  #sum(): Fraction {
    return this.#chain(['+', '-'], () => this.#product());
  }

  #product(): Fraction {
    return this.#chain(['*', '/'], () => this.#signed());
  }

  /** Operands joined by operators of one level, from left to right. */
  #chain(level: readonly Operator[], operand: () => Fraction): Fraction {
    let left = operand();
    for (;;) {
      const operator = OPERATORS[this.#peek()];
      if (operator === undefined || !level.includes(operator)) return left;
      const index = this.#index;
      this.#index += 1;
      const right = operand();
      if (operator === '/' && right.num === 0n) throw new Mistake('division by zero', index);
      const result = calculate(left, operator, right);
      this.#steps.push({ left, operator, right, result });
      left = result;
    }
  }

  #signed(): Fraction {
    let sign = 1n;
    for (
      let operator = OPERATORS[this.#peek()];
      operator === '+' || operator === '-';
      operator = OPERATORS[this.#peek()]
    ) {
      if (operator === '-') sign = -sign;
      this.#index += 1;
    }
    const { num, den } = this.#primary();
    return { num: sign * num, den };
  }

  #primary(): Fraction {
    if (this.#peek() === '(') {
      const open = this.#index;
      this.#index += 1;
      const value = this.#sum();
      if (this.#peek() !== ')') {
        throw this.#peek() === ''
          ? new Mistake('this "(" is never closed', open)
          : new Mistake(`${this.#found()} where an operator should be`, this.#index);
      }
      this.#index += 1;
      return value;
    }
    return this.#number();
  }

  #number(): Fraction {
    this.#peek();
    const match = /^(?:\d+(?:\.\d+)?|\.\d+)/.exec(this.#text.slice(this.#index));
    if (!match) throw new Mistake(`${this.#found()} where a number should be`, this.#index);
    this.#index += match[0].length;
    this.#numbers.push(Number(match[0]));
    const [whole = '', decimals = ''] = match[0].split('.');
    return reduce(BigInt(whole + decimals), 10n ** BigInt(decimals.length));
  }

  /** The next character that is no space; empty at the end. */
  #peek(): string {
    while (/\s/.test(this.#text.charAt(this.#index))) this.#index += 1;
    return this.#text.charAt(this.#index);
  }

  #found(): string {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#index) ?? 0);
    return this.#peek() === '' ? 'the expression ends' : `${JSON.stringify(character)} stands`;
  }
}

function calculate(a: Fraction, operator: Operator, b: Fraction): Fraction {
  switch (operator) {
    case '+':
      return reduce(a.num * b.den + b.num * a.den, a.den * b.den);
    case '-':
      return reduce(a.num * b.den - b.num * a.den, a.den * b.den);
    case '*':
      return reduce(a.num * b.num, a.den * b.den);
    case '/':
      return b.num < 0n ? reduce(-a.num * b.den, a.den * -b.num) : reduce(a.num * b.den, a.den * b.num);
  }
}

function reduce(num: bigint, den: bigint): Fraction {
  let [a, b] = [num < 0n ? -num : num, den];
  while (b > 0n) [a, b] = [b, a % b];
  return { num: num / a, den: den / a };
}

/** `952`, or `7/2 (about 3.5)`. */
export function formatFraction({ num, den }: Fraction): string {
  if (den === 1n) return `${num}`;
  const decimal = Number(num) / Number(den);
  return Number.isFinite(decimal) ? `${num}/${den} (about ${Number(decimal.toPrecision(8))})` : `${num}/${den}`;
}

/** Exact arithmetic for agents. A mistake in the expression is a result that says where it is. */
export const calculator: Tool = {
  spec: {
    name: 'calculator',
    description:
      'Compute an arithmetic expression exactly: whole and decimal numbers, + - * / and parentheses. Returns the value, as a fraction where it is not whole.',
    parameters: {
      type: 'object',
      properties: { expression: { type: 'string', description: 'For example (100 + 6) * 3 - 25 / 5.' } },
      required: ['expression'],
      additionalProperties: false,
    },
  },
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false, pathArguments: [] },
  execute: (args) => {
    const expression = args['expression'];
    if (typeof expression !== 'string') {
      return Promise.resolve({ output: 'The calculator needs "expression", a text such as "6 * 7".', isError: true });
    }
    const result = evaluate(expression);
    return Promise.resolve(
      result.ok
        ? { output: formatFraction(result.value), isError: false }
        : { output: `Not computed: ${result.message} (character ${result.position}).`, isError: true },
    );
  },
};
