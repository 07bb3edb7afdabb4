import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildConfig, validateConfig } from '../../src/index.ts';

describe('buildConfig', () => {
  it.each<[string, Parameters<typeof buildConfig>[0], unknown]>([
    ['one agent for one model', { model: 'gpt-5' }, [{ id: 'agent1', backend: { model: 'gpt-5' } }]],
    [
      'an agent per model',
      { models: ['gpt-5', 'claude/claude-sonnet-4-5'] },
      [
        { id: 'agent1', backend: { model: 'gpt-5' } },
        { id: 'agent2', backend: { type: 'claude', model: 'claude-sonnet-4-5' } },
      ],
    ],
    [
      'slashes that belong to the model',
      { models: ['openrouter/meta-llama/llama-4', 'meta-llama/llama-4'], backend: undefined },
      [
        { id: 'agent1', backend: { type: 'openrouter', model: 'meta-llama/llama-4' } },
        { id: 'agent2', backend: { model: 'meta-llama/llama-4' } },
      ],
    ],
    [
      'several agents of one model',
      { model: 'gpt-5', agents: 2 },
      [
        { id: 'agent1', backend: { model: 'gpt-5' } },
        { id: 'agent2', backend: { model: 'gpt-5' } },
      ],
    ],
    [
      'an agent per provider',
      { backends: ['openai', 'gemini'] },
      [
        { id: 'agent1', backend: { type: 'openai' } },
        { id: 'agent2', backend: { type: 'gemini' } },
      ],
    ],
    [
      'models with their backends',
      { models: ['a', 'b'], backends: ['ollama'] },
      [
        { id: 'agent1', backend: { type: 'ollama', model: 'a' } },
        { id: 'agent2', backend: { type: 'ollama', model: 'b' } },
      ],
    ],
    [
      'a server of your own',
      { model: 'openai/gpt-oss', baseUrl: 'http://127.0.0.1:8000/v1', backend: 'chatcompletion' },
      [
        {
          id: 'agent1',
          backend: { type: 'chatcompletion', model: 'openai/gpt-oss', base_url: 'http://127.0.0.1:8000/v1' },
        },
      ],
    ],
    [
      'agents one by one',
      {
        systemMessage: 'Be brief.',
        agents: [
          { id: 'a', model: 'm', baseUrl: 'http://127.0.0.1:1/v1', settings: { temperature: 0 } },
          { model: 'gpt-5', systemMessage: 'Be long.', apiKeyEnv: 'MY_KEY' },
        ],
      },
      [
        {
          id: 'a',
          system_message: 'Be brief.',
          backend: { temperature: 0, type: 'chatcompletion', model: 'm', base_url: 'http://127.0.0.1:1/v1' },
        },
        { id: 'agent2', system_message: 'Be long.', backend: { model: 'gpt-5', api_key_env: 'MY_KEY' } },
      ],
    ],
  ])('makes %s', (_, options, agents) => {
    expect(buildConfig(options)).toEqual({ agents });
  });

  it('sets rules, time limit and seed where they are given', () => {
    const orchestrator = { voting_rule: 'borda' };
    expect(buildConfig({ model: 'gpt-5', orchestrator, timeoutSeconds: null, seed: 3 })).toEqual({
      agents: [{ id: 'agent1', backend: { model: 'gpt-5' } }],
      orchestrator: { voting_rule: 'borda' },
      timeout_settings: { orchestrator_timeout_seconds: null },
      seed: 3,
    });
  });

  it.each<[string, Parameters<typeof buildConfig>[0], string]>([
    ['nothing at all', {}, 'no-model'],
    ['no agents', { agents: [] }, 'agents'],
    ['eleven agents', { model: 'gpt-5', agents: 11 }, 'agents'],
    ['half an agent', { model: 'gpt-5', agents: 1.5 }, 'agents'],
    ['no number of agents', { model: 'gpt-5', agents: NaN }, 'agents'],
    ['two models for three agents', { models: ['a', 'b'], agents: 3 }, 'agents'],
    ['an empty list of models', { models: [] }, 'agents'],
    ['a text for a list', { models: 'gpt-5' as unknown as string[] }, 'agents'],
  ])('refuses %s', (_, options, code) => {
    expect(() => buildConfig(options)).toThrow(expect.objectContaining({ name: 'MassgenError', code }));
  });

  it('makes configs that are valid, for every number of known models', async () => {
    const models = fc.array(fc.constantFrom('gpt-5', 'claude-sonnet-4-5', 'gemini/gemini-2.5-pro', 'ollama/qwen3'), {
      minLength: 1,
      maxLength: 10,
    });
    await fc.assert(
      fc.asyncProperty(models, fc.option(fc.nat(), { nil: undefined }), async (names, seed) => {
        const config = buildConfig({ models: names, seed });
        const report = await validateConfig(config, { strict: true });
        expect([report.isValid, config.agents?.length]).toEqual([true, names.length]);
      }),
      { numRuns: 30 },
    );
  });
});
