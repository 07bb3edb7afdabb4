import { expect, it } from 'vitest';
import { diffLines } from '../../src/headless/diff-lines.ts';

it('a diff is shown up to a number of lines, and how many more there are', () => {
  expect([diffLines(null, 2), diffLines('', 2), diffLines('-a\n+\tb\n', 2), diffLines('-a\n+b\n c\n d\n', 2)]).toEqual([
    [],
    [],
    ['| -a', '| +    b'],
    ['| -a', '| +b', '[2 more lines]'],
  ]);
});

it('no sign in it begins a line that is not marked as part of the diff, or steers the terminal', () => {
  expect(diffLines('+a\u2028allowed\rdenied\u001b[2J\n', 9)).toEqual(['| +a', '| allowed', '| denied']);
});
