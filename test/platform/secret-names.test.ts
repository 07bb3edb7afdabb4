import { expect, test } from 'vitest';
import { isSecretName, secretVariables } from '../../src/platform/secret-names.ts';

test.each(
  'OPENAI_API_KEY APIKEY api_key KEY AWS_SECRET_ACCESS_KEY PGPASSWORD DB_PASSWD GITHUB_TOKEN GH_PAT NPMTOKEN SSHPASS SECRET OPENAI_API_KEY_2 API_KEY2 GOOGLE_APPLICATION_CREDENTIALS'.split(
    ' ',
  ),
)('%s holds a secret', (name) => {
  expect(isSecretName(name)).toBe(true);
});

test.each('PATH MONKEY KEYBOARD MAX_TOKENS TOKENIZER SECRETARY PASSAGE COMPAT HOME KEY_FILE'.split(' '))(
  '%s holds none',
  (name) => {
    expect(isSecretName(name)).toBe(false);
  },
);

test('the values of secrets are told, and no empty one', () => {
  expect(secretVariables({ A_TOKEN: 'one', B_TOKEN: '', C_TOKEN: undefined, PATH: '/bin' })).toEqual(['one']);
});
