import { describe, expect, it } from 'vitest';
import { demoTeam } from '../../src/config/demo-team.ts';
import { quickTeam } from '../../src/config/quick-team.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';

describe('a team from the command line', () => {
  it('has one agent whose type follows from the model', () => {
    const team = quickTeam({ model: 'claude-sonnet-5-5', systemMessage: 'Be brief.', env: { ANTHROPIC_API_KEY: 'k' } });
    expect(team).toMatchObject({
      name: 'claude-sonnet-5-5',
      agents: [
        { id: 'agent1', systemMessage: 'Be brief.', backend: { type: 'claude', protocol: 'messages', apiKey: 'k' } },
      ],
      settings: DEFAULT_SETTINGS,
      unsupported: [],
    });
    expect(team.settings).not.toBe(DEFAULT_SETTINGS);
  });

  it('needs no model for a backend that has a usual one', () => {
    expect(quickTeam({ backend: 'gemini', env: { GEMINI_API_KEY: 'k' } }).agents[0]).toMatchObject({
      systemMessage: null,
      backend: { type: 'gemini', model: 'gemini-3.5-flash' },
    });
  });

  it('remembers how it was asked for, without the password of an address', () => {
    const request = { model: 'm', baseUrl: 'http://ann:pass@localhost:8080/v1', systemMessage: 'Be brief.' };
    expect(quickTeam({ ...request, env: {} }).origin).toEqual({
      kind: 'quick',
      model: 'm',
      backend: null,
      systemMessage: 'Be brief.',
      baseUrl: 'http://localhost:8080/v1',
    });
    expect(demoTeam({ seed: 7 }).origin).toEqual({ kind: 'demo', seed: 7 });
  });

  it('with an address and no backend speaks the chat protocol', () => {
    const team = quickTeam({ model: 'gpt-5', baseUrl: 'http://localhost:8080/v1', env: { OPENAI_API_KEY: 'k' } });
    expect(team.agents[0]?.backend).toMatchObject({ type: 'chatcompletion', model: 'gpt-5', apiKey: null });
  });

  it.each([
    [{ model: 'mystery', env: {} }, 'unknown-model', /mystery/],
    [
      { backend: 'opnai', env: {} },
      'unknown-backend',
      /^Unknown backend type opnai\. Did you mean openai\? The types are: /,
    ],
    [{ env: {} }, 'no-model', /--model NAME/],
    [{ model: 'gpt-5', env: {} }, 'cannot-start', /^No API key for OpenAI: OPENAI_API_KEY is not set/],
    [
      { backend: 'openrouter', env: {} },
      'cannot-start',
      /no usual model\.\n  Name one with --model NAME\.\nNo API key for OpenRouter/,
    ],
    [{ backend: 'ag2', env: {} }, 'cannot-start', /type: a2a/],
  ])('that cannot start: %j', (request, code, message) => {
    expect(() => quickTeam(request)).toThrow(
      expect.objectContaining({ code, exitCode: 1, message: expect.stringMatching(message) as string }) as Error,
    );
  });
});

describe('the demo team', () => {
  it('has three built-in agents that need no key', () => {
    const team = demoTeam();
    expect(
      team.agents.map((a) => [a.id, a.backend.type, a.backend.protocol, a.backend.apiKey, a.backend.options]),
    ).toEqual([
      ['greedy', 'demo', 'demo', null, { strategy: 'greedy' }],
      ['exhaustive', 'demo', 'demo', null, { strategy: 'exhaustive' }],
      ['backward', 'demo', 'demo', null, { strategy: 'backward' }],
    ]);
    expect(team).toMatchObject({ name: 'demo team', settings: DEFAULT_SETTINGS, unsupported: [] });
  });

  it('takes a seed and an error rate', () => {
    expect(demoTeam({ seed: 3, errorRate: 0.5 }).agents[2]?.backend.options).toEqual({
      strategy: 'backward',
      seed: 3,
      error_rate: 0.5,
    });
  });
});
