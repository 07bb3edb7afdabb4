import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  calculator,
  evaluate,
  formatFraction,
  MAX_EXPRESSION_LENGTH,
  type Fraction,
} from '../../src/tools/calculator.ts';

const valueOf = (expression: string): string => {
  const result = evaluate(expression);
  return result.ok ? `${result.value.num}/${result.value.den}` : `${result.message} at ${result.position}`;
};

describe('evaluate', () => {
  it.each([
    ['2 + 3 * 4', '14/1'],
    ['(2 + 3) * 4', '20/1'],
    ['10 - 4 - 3', '3/1'],
    ['100 / 10 / 5', '2/1'],
    ['2 * 7 / 4', '7/2'],
    ['1/3 + 1/6', '1/2'],
    ['((100 + 6) × 3 × 75 − 50) ÷ 25', '952/1'],
    ['5 – 3 · 1', '2/1'],
    ['-3', '-3/1'],
    ['2 - -3', '5/1'],
    ['--+-3', '-3/1'],
    ['6 / -4', '-3/2'],
    ['-(1 + 2) * 2', '-6/1'],
    ['0.1 + 0.2', '3/10'],
    ['.5 * 4', '2/1'],
    ['0 / 7', '0/1'],
    ['  7\t\n', '7/1'],
    ['123456789012345678901234567890 * 10', '1234567890123456789012345678900/1'],
  ])('computes %s', (expression, value) => {
    expect(valueOf(expression)).toBe(value);
  });

  it('lists the numbers and the steps in order', () => {
    const whole = (n: number): Fraction => ({ num: BigInt(n), den: 1n });
    expect(evaluate('(3 + 4) * 2 - 5')).toEqual({
      ok: true,
      value: whole(9),
      numbersUsed: [3, 4, 2, 5],
      steps: [
        { left: whole(3), operator: '+', right: whole(4), result: whole(7) },
        { left: whole(7), operator: '*', right: whole(2), result: whole(14) },
        { left: whole(14), operator: '-', right: whole(5), result: whole(9) },
      ],
    });
  });

  it.each([
    ['', 'the expression ends where a number should be at 1'],
    ['2 +', 'the expression ends where a number should be at 4'],
    ['2 + x', '"x" stands where a number should be at 5'],
    ['2 3', '"3" stands where an operator should be at 3'],
    ['2(3)', '"(" stands where an operator should be at 2'],
    ['(2 3)', '"3" stands where an operator should be at 4'],
    ['(2 + (3)', 'this "(" is never closed at 1'],
    ['2)', 'this ")" closes nothing at 2'],
    ['()', '")" stands where a number should be at 2'],
    ['2 ** 3', '"*" stands where a number should be at 4'],
    ['1.', '"." stands where an operator should be at 2'],
    ['1 / (2 - 2)', 'division by zero at 3'],
    ['2 = 2', '"=" stands where an operator should be at 3'],
    ['😀', '"😀" stands where a number should be at 1'],
    ['\u001b[31m1', '"\\u001b" stands where a number should be at 1'],
    ['constructor', '"c" stands where a number should be at 1'],
  ])('says what is wrong with %j, and where', (expression, message) => {
    expect(valueOf(expression)).toBe(message);
  });

  it('refuses expressions beyond the length cap and takes the longest allowed', () => {
    const longest = '('.repeat(499) + '12' + ')'.repeat(499);
    expect(longest.length).toBe(MAX_EXPRESSION_LENGTH);
    expect(valueOf(longest)).toBe('12/1');
    expect(valueOf(`${longest} `)).toBe('the expression is longer than 1000 characters at 1001');
  });

  it('never throws, whatever the text', () => {
    const unit = fc.constantFrom(...'0 1 2 9 . + - * / × ÷ − ( ) = x é 😀 \t'.split(' '), ' ');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (expression) => {
        expect(typeof evaluate(expression).ok).toBe('boolean');
      }),
    );
  });

  it('agrees with whole-number arithmetic done another way', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const result = evaluate(write(tree));
        expect(result.ok ? `${result.value.num}/${result.value.den}` : result.message).toBe(reference(tree));
      }),
      { numRuns: 500 },
    );
  });

  it('gives fractions in lowest terms with a positive denominator', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const result = evaluate(write(tree));
        if (!result.ok) return;
        const { num, den } = result.value;
        expect(den > 0n && gcd(num < 0n ? -num : num, den) === 1n).toBe(true);
      }),
    );
  });
});

type Tree = { n: number } | { op: string; left: Tree; right: Tree };

const { tree: trees } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ n: fc.integer({ min: 0, max: 200 }) }),
    fc.record({ op: fc.constantFrom('+', '-', '*', '/', '×', '÷', '−'), left: tie('tree'), right: tie('tree') }),
  ),
}));

function write(tree: Tree): string {
  return 'n' in tree ? String(tree.n) : `(${write(tree.left)} ${tree.op} ${write(tree.right)})`;
}

/** The same, reduced only at the end. */
function reference(tree: Tree): string {
  const value = unreduced(tree);
  if (value === null) return 'division by zero';
  const sign = value[1] < 0n ? -1n : 1n;
  const [num, den] = [value[0] * sign, value[1] * sign];
  const common = gcd(num < 0n ? -num : num, den);
  return `${num / common}/${den / common}`;
}

/** A fraction; null after a division by zero. */
function unreduced(tree: Tree): [bigint, bigint] | null {
  if ('n' in tree) return [BigInt(tree.n), 1n];
  const left = unreduced(tree.left);
  const right = unreduced(tree.right);
  if (!left || !right) return null;
  const [a, b] = left;
  const [c, d] = right;
  if (tree.op === '+') return [a * d + c * b, b * d];
  if (tree.op === '-' || tree.op === '−') return [a * d - c * b, b * d];
  if (tree.op === '*' || tree.op === '×') return [a * c, b * d];
  return c === 0n ? null : [a * d, b * c];
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

describe('formatFraction', () => {
  it('writes whole numbers plainly and others also as a decimal', () => {
    expect(formatFraction({ num: 952n, den: 1n })).toBe('952');
    expect(formatFraction({ num: -7n, den: 2n })).toBe('-7/2 (about -3.5)');
    expect(formatFraction({ num: 1n, den: 3n })).toBe('1/3 (about 0.33333333)');
  });

  it('leaves the decimal out where it would be out of range', () => {
    const huge = 10n ** 400n;
    expect(formatFraction({ num: huge + 1n, den: huge })).toBe(`${huge + 1n}/${huge}`);
  });
});

describe('the calculator tool', () => {
  const run = (args: Record<string, string | number>) =>
    calculator.execute(args, { signal: new AbortController().signal });

  it('returns the value', async () => {
    expect(await run({ expression: '6 * 7' })).toEqual({ output: '42', isError: false });
  });

  it('returns a mistake as an error result with its place', async () => {
    expect(await run({ expression: '6 *' })).toEqual({
      output: 'Not computed: the expression ends where a number should be (character 4).',
      isError: true,
    });
  });

  it('asks for its argument when it is missing or no text', async () => {
    const asked = { output: 'The calculator needs "expression", a text such as "6 * 7".', isError: true };
    expect(await run({})).toEqual(asked);
    expect(await run({ expression: 42 })).toEqual(asked);
  });

  it('changes nothing, so that nobody has to give it leave', () => {
    expect(calculator.annotations).toMatchObject({ readOnly: true, openWorld: false });
  });

  it('describes its one argument to models', () => {
    expect(calculator.spec.parameters).toMatchObject({ type: 'object', required: ['expression'] });
  });
});
