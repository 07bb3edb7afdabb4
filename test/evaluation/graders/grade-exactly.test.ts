import { describe, expect, test } from 'vitest';
import { codeBlocks } from '../../../src/evaluation/graders/code-blocks.ts';
import { gradeExactly, type ExactCheck } from '../../../src/evaluation/graders/grade-exactly.ts';

const EXACT: ExactCheck = { type: 'exact', expected: ['Paris', 'the city of Paris'] };
const NUMBER: ExactCheck = { type: 'numeric', expected: 1234.5, tolerance: 0.01 };
const KNIGHTS: ExactCheck = { type: 'assignment', expected: { Ann: 'knight', Ben: 'knave' } };
const COUNTDOWN: ExactCheck = { type: 'countdown', numbers: [2, 3, 3], target: 12 };

describe('an answer', () => {
  test.each<[string, ExactCheck, string, boolean]>([
    ['that is one of the expected texts', EXACT, 'Answer: paris.', true],
    ['that is another spelling of one', EXACT, 'Answer: "The  City of Paris"', true],
    ['that only holds one', EXACT, 'Answer: Paris or London', false],
    ['with the number and thousands separators', NUMBER, 'Answer: 1,234.5 km', true],
    ['with a number within the tolerance', NUMBER, 'Answer: 1234.505', true],
    ['with a number beyond the tolerance', NUMBER, 'Answer: 1234.6', false],
    [
      'with a number that begins with its point',
      { type: 'numeric', expected: -0.5, tolerance: 0 },
      'Answer: -.5',
      true,
    ],
    ['without a number', NUMBER, 'Answer: many', false],
    ['with a typographic minus', { type: 'numeric', expected: -3, tolerance: 0 }, 'Answer: −3', true],
    ['with the pattern', { type: 'regex', pattern: 'sha256:[0-9a-f]{4}', flags: 'i' }, 'It is SHA256:AB12.', true],
    ['without the pattern', { type: 'regex', pattern: '^yes$', flags: 'm' }, 'yes and no', false],
    ['that says who is what', KNIGHTS, 'Answer: Ann: knight, Ben: knave', true],
    ['that says so in a sentence', KNIGHTS, 'Answer: Ann is a knight and Ben is a knave', true],
    ['that takes one for the other', KNIGHTS, 'Answer: Ann: knave, Ben: knave', false],
    ['that leaves somebody out', KNIGHTS, 'Answer: Ann: knight', false],
    ['with an expression that makes the target', COUNTDOWN, 'Answer: (2 * 3) + 3 + 3', false],
    ['with each number as often as it is there', COUNTDOWN, 'Answer: 3 * (3 + 2) - 3', false],
    ['with an equation', { ...COUNTDOWN, target: 15 }, 'Answer: 3 * (3 + 2) = 15', true],
    ['with another value', COUNTDOWN, 'Answer: 3 + 3', false],
    ['with no expression', COUNTDOWN, 'Answer: impossible', false],
  ])('%s', (_, check, answer, isRight) => {
    expect(gradeExactly(check, answer).isRight).toBe(isRight);
  });

  test('that is wrong is told why', () => {
    expect(gradeExactly(NUMBER, 'Answer: 7')).toEqual({ isRight: false, reason: '7 is not 1234.5.' });
  });
});

describe('code blocks', () => {
  test('are found with their language, also when the last one is not closed', () => {
    expect(codeBlocks('a\n```js\nf();\n```\nb\n~~~\n```\nx\n~~~\n````Python\ny')).toEqual([
      { language: 'js', code: 'f();' },
      { language: '', code: '```\nx' },
      { language: 'python', code: 'y' },
    ]);
  });
});
