import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finalLine } from '../../../src/evaluation/cases/final-line.ts';
import { generateCases, GENERATORS, type GeneratorName } from '../../../src/evaluation/cases/generate-cases.ts';
import { shortestPath } from '../../../src/evaluation/cases/grid-path.ts';
import { seededRandom } from '../../../src/events/random.ts';
import { evaluate } from '../../../src/tools/calculator.ts';

const names = Object.keys(GENERATORS) as GeneratorName[];
const seed = fc.integer();
const level = fc.integer({ min: 1, max: 4 });

describe('generated cases', () => {
  test.each(names)('of %s are the same for the same seed, however many are made', (name) => {
    expect(generateCases(name, 12, 5).slice(0, 4)).toEqual(generateCases(name, 4, 5));
  });

  test.each(names)('of %s differ with the seed', (name) => {
    const questions = (of: number): string[] => generateCases(name, 8, of).map(({ question }) => question);
    expect(questions(1)).not.toEqual(questions(2));
  });

  test('of arithmetic expect what the expression comes to', () => {
    fc.assert(
      fc.property(seed, level, (of, at) => {
        const [{ question, check } = { question: '', check: null }] = generateCases('arithmetic', 1, of, at);
        const [, expression = '', modulus = ''] = /of (.*) divided by (\d+)\?/.exec(question) ?? [];
        const value = evaluate(expression);
        const remainder = value.ok ? Number(value.value.num % BigInt(modulus)) : null;
        expect(check).toEqual({ type: 'numeric', expected: remainder, tolerance: 0 });
      }),
    );
  });

  test('of countdown name all numbers and a target above 0', () => {
    fc.assert(
      fc.property(seed, level, (of, at) => {
        const [{ question, check } = { question: '', check: null }] = generateCases('countdown', 1, of, at);
        if (check?.type !== 'countdown') throw new Error('another check');
        expect(check.numbers).toHaveLength(3 + at);
        expect(check.target).toBeGreaterThan(0);
        expect(question).toContain(`numbers ${check.numbers.join(', ')}, `);
      }),
    );
  });

  test('of knights and knaves name everybody once', () => {
    const [first] = generateCases('knights-and-knaves', 1, 1, 2);
    expect(first?.check).toEqual({
      type: 'assignment',
      expected: { Ann: expect.any(String), Ben: expect.any(String), Cleo: expect.any(String), Dan: expect.any(String) },
    });
  });

  test('of grid paths expect the length of the shortest way', () => {
    const [first] = generateCases('grid-paths', 1, 1);
    const grid =
      first?.question
        .split('\n\n')[1]
        ?.split('\n')
        .map((row) => row.split('')) ?? [];
    expect(first?.check).toEqual({ type: 'numeric', expected: shortestPath(grid), tolerance: 0 });
  });

  test('of code stubs come with tests that run', () => {
    for (const { check } of generateCases('code-stubs', 12, 1)) {
      if (check.type !== 'unit-tests') throw new Error('another check');
      const { status, stderr } = spawnSync(process.execPath, ['--check', '-'], {
        input: check.tests,
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([0, '']);
    }
  });
});

describe('the shortest path', () => {
  const grid = (...rows: string[]): string[][] => rows.map((row) => row.split(''));

  test('goes round walls', () => expect(shortestPath(grid('.#.', '.#.', '...'))).toBe(4));
  test('may have to go back', () => expect(shortestPath(grid('...#', '##.#', '....', '.##.'))).toBe(6));
  test('is nothing where walls close the way', () => expect(shortestPath(grid('.#', '#.'))).toBeNull());
});

describe('the final line', () => {
  test.each([
    ['It is 4.\nAnswer: 4', '4'],
    ['**Answer:** 4', '4'],
    ['> Final answer: `x + 1`', 'x + 1'],
    ['Answer: 3\nI was wrong.\nAnswer: 5\n', '5'],
    ['The answer is 12', '12'],
    ['I think so\n\n42\n', '42'],
    ['Answer: -7', '-7'],
    ['$$\\boxed{8}$$', '8'],
    ['', ''],
  ])('of %j is %j', (text, line) => expect(finalLine(text)).toBe(line));

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(finalLine(text)).toEqual(expect.any(String));
      }),
    );
  });
});

test('a seed as text and as a number is the same', () => {
  expect(seededRandom('7').int(1000)).toBe(seededRandom(7).int(1000));
});
