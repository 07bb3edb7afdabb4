import { expect, test } from 'vitest';
import { safeMessage, secretsOf, secretVariables } from '../../../src/providers/wire/secrets.ts';
import { testBackend } from '../backend.ts';

test.each([
  ['https://user:p%40ssword@host.example/v1', 'p@ssword and p%40ssword'],
  // No character begins with it.
  ['https://user:p%ssword@host.example/v1', 'p%ssword'],
])('the password in %s is never shown', (baseUrl, words) => {
  expect(safeMessage(words, secretsOf(testBackend({ baseUrl })))).toMatch(/^\[secret\]( and \[secret\])?$/);
});

test('the keys of a program are never shown, and empty ones hide nothing', () => {
  const env = { PATH: '/usr/bin', SOME_KEY: 'abc-123-def', db_password: 'hunter22', OTHER_TOKEN: '', FLAG_KEY: '1' };
  expect(safeMessage('abc-123-def hunter22 /usr/bin 1', secretVariables(env))).toBe('[secret] [secret] /usr/bin 1');
});

test('words that are cut hold whole characters only', () => {
  expect(safeMessage(`${'a'.repeat(999)}🌍`, []).isWellFormed()).toBe(true);
});
