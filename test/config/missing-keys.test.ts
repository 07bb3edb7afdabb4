import { describe, expect, it } from 'vitest';
import { loadConfigText } from '../../src/config/load.ts';
import { missingKeys } from '../../src/config/missing-keys.ts';

const TEXT = `agents:
  - {id: a, backend: {type: openai, model: m}}
  - {id: b, backend: {type: gemini, model: m}}
  - {id: c, backend: {model: gpt-6-luna}}
  - {id: d, backend: {type: chatcompletion, model: m, base_url: "https://api.deepseek.com/v1"}}
  - {id: e, backend: {type: ollama, model: m}}
  - {id: f, backend: {type: openai, model: m, api_key_env: MY_KEY}}
`;

describe('missing keys', () => {
  it('names every variable that would do, and who waits for it', () => {
    const { config } = loadConfigText(TEXT, { path: '/t.yaml', env: {} });
    expect(config && missingKeys(config, { MY_KEY: ' ' })).toEqual([
      { variables: ['OPENAI_API_KEY'], agents: ['a', 'c'] },
      { variables: ['GOOGLE_API_KEY', 'GEMINI_API_KEY'], agents: ['b'] },
      { variables: ['DEEPSEEK_API_KEY'], agents: ['d'] },
      { variables: ['MY_KEY'], agents: ['f'] },
    ]);
  });

  it('is silent about keys that are there', () => {
    const { config } = loadConfigText(TEXT, { path: '/t.yaml', env: {} });
    const env = { OPENAI_API_KEY: 'x', GEMINI_API_KEY: 'x', DEEPSEEK_API_KEY: 'x', MY_KEY: 'x' };
    expect(config && missingKeys(config, env)).toEqual([]);
  });
});
