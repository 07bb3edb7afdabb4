import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/events/json.ts';
import { loadConfigText } from '../../src/config/load.ts';
import { resolveTeam } from '../../src/config/resolve.ts';
import type { TeamSpec } from '../../src/config/team.ts';

const env = {
  OPENAI_API_KEY: 'k',
  ANTHROPIC_API_KEY: 'k',
  GEMINI_API_KEY: 'k',
  XAI_API_KEY: 'k',
  GROQ_API_KEY: 'k',
  CEREBRAS_API_KEY: 'k',
};

function teamOf(backend: JsonObject): TeamSpec {
  const text = JSON.stringify({ agents: [{ id: 'a', backend }] }, null, 2);
  return resolveTeam(loadConfigText(text, { path: '/teams/team.json', env }), { env });
}

describe('parameters that cannot have an effect', () => {
  it.each<[string, JsonObject, JsonObject, string[]]>([
    ['a model that always reasons', { type: 'openai', model: 'gpt-5-mini', temperature: 1 }, {}, ['temperature']],
    ['Claude after Opus 4.6', { type: 'claude', model: 'claude-sonnet-5-5', top_k: 4 }, {}, ['top_k']],
    [
      'GPT-5.1 that is told to reason',
      { type: 'openai', model: 'gpt-5.4', top_p: 1, reasoning: { effort: 'low' } },
      { reasoning: { effort: 'low' } },
      ['top_p'],
    ],
    [
      'a model that does not reason',
      { type: 'openai', model: 'gpt-4o', reasoning_effort: 'low' },
      {},
      ['reasoning_effort'],
    ],
    [
      'o3',
      { type: 'openai', model: 'o3', parallel_tool_calls: false, stop: ['x'] },
      {},
      ['stop', 'parallel_tool_calls'],
    ],
    [
      'Claude that thinks by a budget',
      {
        type: 'claude',
        model: 'claude-sonnet-4-5',
        thinking: { type: 'enabled', budget_tokens: 2000 },
        temperature: 1,
      },
      { thinking: { type: 'enabled', budget_tokens: 2000 } },
      ['temperature'],
    ],
    [
      'Claude that takes one of two',
      { type: 'claude', model: 'claude-haiku-4-5', temperature: 1, top_p: 0.5 },
      { temperature: 1 },
      ['top_p'],
    ],
    [
      'a Claude before thinking',
      { type: 'claude', model: 'claude-3-5-haiku-latest', reasoning_effort: 'high' },
      {},
      ['reasoning_effort'],
    ],
    [
      'a Gemini before thinking',
      { type: 'gemini', model: 'gemini-2.0-flash', reasoning_effort: 'high' },
      {},
      ['reasoning_effort'],
    ],
    ['Grok that reasons', { type: 'grok', model: 'grok-4', presence_penalty: 1 }, {}, ['presence_penalty']],
    ['Groq', { type: 'groq', model: 'm', logit_bias: { 1: 2 } }, {}, ['logit_bias']],
    ['Cerebras', { type: 'cerebras', model: 'm', frequency_penalty: 1 }, {}, ['frequency_penalty']],
    ['GPT-5.1 as it is', { type: 'openai', model: 'gpt-5.4', top_p: 1 }, { top_p: 1 }, []],
    ['an older Claude', { type: 'claude', model: 'claude-sonnet-4-5', top_k: 4 }, { top_k: 4 }, []],
    [
      'another address, which decides for itself',
      { type: 'openai', model: 'gpt-5', base_url: 'http://127.0.0.1:9/v1', temperature: 1 },
      { temperature: 1 },
      [],
    ],
    [
      'what is to be sent whatever it is',
      { type: 'openai', model: 'gpt-5', provider_options: { temperature: 1 } },
      { temperature: 1 },
      [],
    ],
    [
      'an agent that is no model endpoint',
      { type: 'acp', command: 'some-agent', temperature: 1, output_schema: { type: 'object' } },
      {},
      ['temperature', 'output_schema'],
    ],
  ])('%s', (_what, backend, params, unsupported) => {
    const team = teamOf(backend);
    expect([team.agents[0]?.backend.params, team.unsupported]).toEqual([
      params,
      unsupported.map((name) => `agents[0].backend.${name}`),
    ]);
  });

  it('others are told with their place in the file', () => {
    const team = teamOf({ type: 'gemini', model: 'gemini-2.5-pro', api_key: 'k', max_tokens: 9 });
    expect(team.agents[0]?.backend.parameterPlaces).toEqual({
      maxOutputTokens: '/teams/team.json:9:9, agents[0].backend.max_tokens',
    });
  });
});
