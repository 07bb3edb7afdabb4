import { expect, test } from 'vitest';
import { safeMessage, secretsOf } from '../../../src/providers/wire/secrets.ts';
import { testBackend } from '../backend.ts';

test.each([
  ['https://user:p%40ssword@host.example/v1', 'p@ssword and p%40ssword'],
  // No character begins with it.
  ['https://user:p%ssword@host.example/v1', 'p%ssword'],
])('the password in %s is never shown', (baseUrl, words) => {
  expect(safeMessage(words, secretsOf(testBackend({ baseUrl })))).toMatch(/^\[secret\]( and \[secret\])?$/);
});

test('words that are cut hold whole characters only', () => {
  expect(safeMessage(`${'a'.repeat(999)}🌍`, []).isWellFormed()).toBe(true);
});
