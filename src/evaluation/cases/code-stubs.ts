import type { Generate } from './case.ts';

/** A function to write, and pairs of arguments and results. */
interface Task {
  name: string;
  signature: string;
  words: string;
  /** Arguments as they stand in a call, and the result; both as JSON. */
  examples: readonly (readonly [args: string, result: string])[];
}

/** A function that unit tests judge; they are not shown. */
export const codeCase: Generate = (random) => {
  const { name, signature, words, examples } = random.pick(TASKS);
  const tests = examples.map(([args, result]) => `assert.deepEqual(${name}(${args}), ${result});`);
  return {
    question: `Write the JavaScript function \`${signature}\`. ${words} Give one code block with the whole function and nothing else in it.`,
    check: {
      type: 'unit-tests',
      language: 'javascript',
      tests: `const assert = require('node:assert/strict');\n${tests.join('\n')}\n`,
    },
  };
};

const TASKS: readonly Task[] = [
  {
    name: 'toRoman',
    signature: 'toRoman(n)',
    words: 'It returns a whole number from 1 to 3999 as a Roman numeral.',
    examples: [
      ['1', '"I"'],
      ['4', '"IV"'],
      ['1994', '"MCMXCIV"'],
      ['3999', '"MMMCMXCIX"'],
    ],
  },
  {
    name: 'mergeIntervals',
    signature: 'mergeIntervals(intervals)',
    words:
      'It takes an array of [start, end] pairs in any order and returns them by start, with those merged that overlap or touch.',
    examples: [
      ['[]', '[]'],
      ['[[8,10],[1,3],[2,6]]', '[[1,6],[8,10]]'],
      ['[[1,4],[4,5]]', '[[1,5]]'],
      ['[[1,10],[2,3]]', '[[1,10]]'],
    ],
  },
  {
    name: 'runLength',
    signature: 'runLength(text)',
    words:
      'It returns the run-length encoding of a text: each run of one character becomes its count and the character.',
    examples: [
      ['""', '""'],
      ['"aaabbc"', '"3a2b1c"'],
      ['"zzzzzzzzzzzz"', '"12z"'],
    ],
  },
  {
    name: 'isBalanced',
    signature: 'isBalanced(text)',
    words: 'It says whether the brackets ()[]{} in a text are balanced; other characters do not matter.',
    examples: [
      ['""', 'true'],
      ['"a(b[c]{d})"', 'true'],
      ['"([)]"', 'false'],
      ['"(("', 'false'],
      ['"}"', 'false'],
    ],
  },
  {
    name: 'nextPermutation',
    signature: 'nextPermutation(numbers)',
    words:
      'It returns a new array with the next permutation in lexicographic order, or the first one (ascending) after the last.',
    examples: [
      ['[1,2,3]', '[1,3,2]'],
      ['[3,2,1]', '[1,2,3]'],
      ['[1,1,5]', '[1,5,1]'],
      ['[2,3,1]', '[3,1,2]'],
    ],
  },
  {
    name: 'splitCents',
    signature: 'splitCents(total, people)',
    words:
      'It splits a whole number of cents among people into an array of shares that differ by at most one cent; larger shares come first.',
    examples: [
      ['100, 3', '[34,33,33]'],
      ['0, 2', '[0,0]'],
      ['5, 5', '[1,1,1,1,1]'],
      ['2, 3', '[1,1,0]'],
    ],
  },
];
