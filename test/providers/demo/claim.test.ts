import { describe, expect, it } from 'vitest';
import { checkClaim, compareVerdicts, readClaim, writeAnswer } from '../../../src/providers/demo/claim.ts';
import { combine, plain } from '../../../src/providers/demo/expression.ts';

const PUZZLE = { target: 30, numbers: [10, 3, 2, 2] };
const times = combine(plain(10), '*', plain(3))!;

describe('writeAnswer', () => {
  it('states the claim, the working and the distance', () => {
    const expr = combine(times, '-', plain(2))!;
    expect(writeAnswer(expr, 28, PUZZLE)).toBe(
      [
        '**28**, 2 away from 30.',
        '',
        'Expression: 10 × 3 − 2',
        '= 28',
        '',
        'Working:',
        '',
        '1. 10 × 3 = 30',
        '2. 30 − 2 = 28',
        '',
        'Distance from the target: 2',
      ].join('\n'),
    );
  });

  it('carries a slip into the last step and nowhere else', () => {
    const text = writeAnswer(combine(times, '-', plain(2))!, 30, PUZZLE);
    expect(text.split('\n').filter((line) => /=/.test(line))).toEqual(['= 30', '1. 10 × 3 = 30', '2. 30 − 2 = 30']);
  });
});

describe('readClaim', () => {
  it('reads what writeAnswer wrote', () => {
    expect(readClaim(writeAnswer(times, 30, PUZZLE))).toEqual({ expression: '10 × 3', claimed: 30 });
    expect(readClaim(writeAnswer(plain(10), 10, PUZZLE))).toEqual({ expression: '10', claimed: 10 });
  });

  it.each([
    ['Expression: `(10 + 2) * 3`\n= 36', '(10 + 2) * 3', 36],
    ['**Expression:** 10 × 3 = 30', '10 × 3', 30],
    ['I found it!\n\n30 = 10 * 3\n', '10 * 3', null],
    ['First 10 + 2 = 12, hm.\n\nExpression: 10 × 3', '10 × 3', null],
    ['The solution is: 10*3 = 30.', '10*3', 30],
    ['Expression: 1 / (2 - 2)', '1 / (2 - 2)', null],
  ])('reads %j', (text, expression, claimed) => {
    expect(readClaim(text)).toEqual({ expression, claimed });
  });

  it.each(['', 'There is no way.', 'Answer: 30', `Expression: ${'1 + '.repeat(100)}1`])(
    'finds no claim in %j',
    (text) => {
      expect(readClaim(text)).toBeNull();
    },
  );
});

describe('checkClaim', () => {
  const check = (expression: string, claimed: number | null = null, value?: number | null) =>
    checkClaim({ expression, claimed }, PUZZLE, value);

  it('accepts a claim that is true', () => {
    expect(check('10 × 3 − 2', 28)).toEqual({ value: 28, distance: 2, ops: 2, peak: 30, isTrue: true, fault: null });
  });

  it.each([
    ['10 × 3 − 2', 30, 'it claims 30, but comes to 28'],
    ['10 × 4', 40, '4 is not among the numbers'],
    ['10 × 3 × 10', null, 'it uses 10 too often'],
    ['2 − 3 + 10', null, 'a value on the way is no positive whole number'],
    ['10 ÷ 3 × 2', null, 'a value on the way is no positive whole number'],
    ['10 × (3', null, 'it cannot be computed: this "(" is never closed'],
  ])('finds fault with %s', (expression, claimed, fault) => {
    expect(check(expression, claimed)).toMatchObject({ isTrue: false, fault });
  });

  it('allows a number as often as it is given', () => {
    expect(check('2 + 2').isTrue).toBe(true);
    expect(check('2 + 2 + 2').fault).toBe('it uses 2 too often');
  });

  it('believes the calculator rather than itself', () => {
    expect(check('10 × 3', 30, 31)).toMatchObject({ value: 31, isTrue: false });
    expect(check('10 × 3', 30, null)).toMatchObject({ value: null, isTrue: false, fault: 'it cannot be computed' });
  });
});

describe('compareVerdicts', () => {
  it('puts true claims first, then near, short and small ones', () => {
    const claims: [string, number | null][] = [
      ['10 × 3', 31],
      ['10 × 3 − 2', null],
      ['10 × (3 + 2 − 2)', null],
      ['10 × 3', null],
      ['10 × 2 + 10', null],
      ['10 × 2 × 3 ÷ 2', null],
    ];
    const ranked = claims
      .map(([expression, claimed]) => ({ expression, claimed, verdict: checkClaim({ expression, claimed }, PUZZLE) }))
      .toSorted((a, b) => compareVerdicts(a.verdict, b.verdict));
    expect(ranked.map(({ expression, claimed }) => `${expression}${claimed ?? ''}`)).toEqual([
      '10 × 3',
      '10 × (3 + 2 − 2)',
      '10 × 2 × 3 ÷ 2',
      '10 × 3 − 2',
      '10 × 331',
      '10 × 2 + 10',
    ]);
  });
});
