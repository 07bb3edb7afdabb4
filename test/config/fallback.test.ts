import { describe, expect, it } from 'vitest';
import { loadConfigText } from '../../src/config/load.ts';
import { resolveTeam } from '../../src/config/resolve.ts';
import type { BackendSpec, TeamSpec } from '../../src/config/team.ts';

const env = { OPENAI_API_KEY: 'o', ANTHROPIC_API_KEY: 'a' };

function resolve(text: string): TeamSpec {
  return resolveTeam(loadConfigText(text, { path: '/teams/t.yaml', env }), { env });
}

const backendOf = (backend: string): BackendSpec | undefined =>
  resolve(`agent: {id: a, backend: ${backend}}`).agents[0]?.backend;

const summary = (spec: BackendSpec): unknown => [spec.type, spec.model, spec.apiKey, spec.params];

describe('what an agent goes on with', () => {
  it('is another model of the same backend for a name, with its settings', () => {
    const backend = backendOf(
      '{type: openai, model: gpt-4.1, temperature: 0.5, fallback: [gpt-4.1-mini, gpt-4.1-nano]}',
    );
    expect(backend?.fallback?.map(summary)).toEqual([
      ['openai', 'gpt-4.1-mini', 'o', { temperature: 0.5 }],
      ['openai', 'gpt-4.1-nano', 'o', { temperature: 0.5 }],
    ]);
    expect(backend?.fallback?.map((each) => each.fallback)).toEqual([undefined, undefined]);
    expect(backend?.params).toEqual({ temperature: 0.5 });
  });

  it('is a backend of its own for a map with a type, and a changed one without', () => {
    const backend = backendOf(
      '{type: openai, model: gpt-4.1, temperature: 0.5, fallback: [{type: claude, model: claude-sonnet-5-5}, {model: gpt-4.1-mini, temperature: 1}]}',
    );
    expect(backend?.fallback?.map(summary)).toEqual([
      ['claude', 'claude-sonnet-5-5', 'a', {}],
      ['openai', 'gpt-4.1-mini', 'o', { temperature: 1 }],
    ]);
  });

  it('needs its key like any backend', () => {
    expect(() => backendOf('{type: openai, model: gpt-5, fallback: [{type: grok, model: grok-4}]}')).toThrow(
      /agent\.backend\.fallback\[0\]\.type  No API key for xAI/,
    );
  });

  it('is nothing for a backend without the key', () => {
    expect(backendOf('{type: openai, model: gpt-5}')).not.toHaveProperty('fallback');
  });
});

describe("MassGen's back-off keys", () => {
  it('say when calls are made again', () => {
    const keys =
      'gemini_backoff_max_attempts: 7, gemini_backoff_initial_delay: 0.5, gemini_backoff_multiplier: 3, gemini_backoff_max_delay: 90, gemini_backoff_jitter: 0.1';
    const backend = backendOf(`{type: openai, model: gpt-5, ${keys}}`);
    expect(backend?.retry).toEqual({ maxTries: 7, firstDelayMs: 500, factor: 3, maxDelayMs: 90_000, jitter: 0.1 });
    expect(backend?.params).toEqual({});
  });

  it('change only what they name', () => {
    expect(backendOf('{type: openai, model: gpt-5, gemini_backoff_max_attempts: 2}')?.retry).toEqual({ maxTries: 2 });
    expect(backendOf('{type: openai, model: gpt-5}')).not.toHaveProperty('retry');
  });
});

describe('rate limits', () => {
  it('are taken from the file as they are', () => {
    const text =
      'agent: {id: a, backend: {type: demo}}\nrate_limits: {openai: {gpt-5: {rpm: 3, tpm: 9000}, default: {rpd: 5}}}';
    expect(resolve(text).rateLimits).toEqual({ openai: { 'gpt-5': { rpm: 3, tpm: 9000 }, default: { rpd: 5 } } });
  });
});
