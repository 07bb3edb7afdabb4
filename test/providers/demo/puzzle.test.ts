import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePuzzle } from '../../../src/providers/demo/puzzle.ts';

const NUMBERS = [25, 50, 75, 100, 3, 6];

describe('parsePuzzle', () => {
  it.each([
    'make 952 from 25 50 75 100 3 6',
    'Make 952 using 25, 50, 75, 100, 3 and 6.',
    'Using 25, 50, 75, 100, 3, and 6, reach 952!',
    'Can you get to the number 952 with 25 50 75 100 3 6? Each number at most once.',
    '25 50 75 100 3 6 = 952',
    '25 50 75 100 3 6 -> 952',
    '25, 50, 75, 100, 3, 6 → 952',
    'Countdown. Target: 952. Numbers: 25 50 75 100 3 6',
    'Numbers: [25, 50, 75, 100, 3, 6]\nTarget is 952',
    '952 from 25 50 75 100 3 6',
    'Here are 25 50 75 100 3 6. Make exactly the number 952.',
    'Use the 6 numbers 25 50 75 100 3 6 to make exactly 952',
    'Make 952: 25 50 75 100 3 6',
    'Make 952 25 50 75 100 3 6',
    'The target number is 952 and the numbers are 25;50;75;100;3;6.',
    'Get as close to 952 as you can: make 952 of 25 | 50 | 75 | 100 | 3 | 6',
  ])('reads %j', (text) => {
    expect(parsePuzzle(text)).toEqual({ target: 952, numbers: NUMBERS });
  });

  it('keeps numbers that occur twice', () => {
    expect(parsePuzzle('make 20 from 5 5 10')).toEqual({ target: 20, numbers: [5, 5, 10] });
  });

  it.each([
    '',
    'Who wrote Faust?',
    'What happened in 1989 and 1990?',
    '25 50 75 100 3 6',
    'make 952',
    'make 952 from 25',
    'make 0 from 3 4',
    'make 7 from 0 7 3',
    'make 7.5 from 5 2 1',
    'make 7 from 2.5 2 1',
    'make 2000000 from 5 2 1',
    'make 100 from 10001 2 1',
    'make 100 from 1 2 3 4 5 6 7 8 9',
  ])('finds no puzzle in %j', (text) => {
    expect(parsePuzzle(text)).toBeNull();
  });

  it('reads back every puzzle that it is told in these ways', () => {
    const phrasings = fc.constantFrom(
      (target: number, list: string) => `make ${target} from ${list}`,
      (target: number, list: string) => `With ${list} please reach ${target}.`,
      (target: number, list: string) => `target ${target}, numbers ${list}`,
      (target: number, list: string) => `${list} = ${target}`,
    );
    const numbers = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(
        phrasings,
        fc.integer({ min: 1, max: 1_000_000 }),
        numbers,
        fc.constantFrom(' ', ', ', ',', ' and '),
        (say, target, list, comma) => {
          expect(parsePuzzle(say(target, list.join(comma)))).toEqual({ target, numbers: list });
        },
      ),
    );
  });

  it('is not slowed down by long texts', () => {
    expect(parsePuzzle(`${'make the '.repeat(5000)}7 from 3 4`)).toBeNull();
    expect(parsePuzzle(`make 7 from ${'3 '.repeat(5000)}`)).toBeNull();
    expect(parsePuzzle(`make 7 from 3${' and'.repeat(2000)}x2`)).toBeNull();
  });

  it('takes any text without throwing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(parsePuzzle(`${text} 1 2 3`)).not.toBeUndefined();
      }),
    );
  });
});
