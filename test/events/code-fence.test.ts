import { expect, test } from 'vitest';
import { codeFence } from '../../src/events/code-fence.ts';

test('a fence is one longer than the longest row of backticks, and at least three', () => {
  expect(['plain', 'a `b` c', '```\nx\n```', `${'`'.repeat(9)} ok`].map(codeFence)).toEqual([
    '```',
    '```',
    '````',
    '`'.repeat(10),
  ]);
});

test('a text of very many backticks has one', () => {
  expect(codeFence('` '.repeat(300_000))).toBe('```');
});
