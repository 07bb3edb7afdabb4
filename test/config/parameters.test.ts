import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renameParameters } from '../../src/config/parameters.ts';
import type { Protocol } from '../../src/config/team.ts';
import type { JsonObject } from '../../src/events/json.ts';

describe('pass-through parameters', () => {
  it.each<[Protocol, JsonObject, JsonObject]>([
    ['responses', { max_tokens: 5, temperature: 1 }, { max_output_tokens: 5, temperature: 1 }],
    ['chat', { max_output_tokens: 5, stop_sequences: ['a'] }, { max_tokens: 5, stop: ['a'] }],
    ['messages', { max_tokens: 5, stop: ['a'], betas: ['b'] }, { max_tokens: 5, stop_sequences: ['a'], betas: ['b'] }],
    ['messages', { stop: 'a' }, { stop_sequences: ['a'] }],
    ['gemini', { stop: 'a' }, { stopSequences: ['a'] }],
    ['gemini', { stop_sequences: 'a' }, { stopSequences: ['a'] }],
    ['chat', { stop: 'a' }, { stop: 'a' }],
    ['gemini', { max_tokens: 5, top_p: 1, stop: ['a'] }, { maxOutputTokens: 5, topP: 1, stopSequences: ['a'] }],
    ['gemini', { thinking_config: { include_thoughts: true } }, { thinkingConfig: { includeThoughts: true } }],
    ['gemini', { response_json_schema: { my_key: 1 } }, { responseJsonSchema: { my_key: 1 } }],
    ['gemini', { extra_body: { x_y: 1 } }, { extraBody: { xY: 1 } }],
  ])('of %s: %j become %j', (protocol, params, result) => {
    expect(renameParameters(params, protocol, null)).toEqual(result);
  });

  it('lose nulls, and nothing else', () => {
    expect(renameParameters({ a: null, b: 0, c: false, d: '' }, 'chat', null)).toEqual({ b: 0, c: false, d: '' });
  });

  it('take extra_body into the body, which wins', () => {
    expect(renameParameters({ top_k: 1, extra_body: { top_k: 2, x: 3 } }, 'chat', null)).toEqual({ top_k: 2, x: 3 });
  });

  it('have another word for the length of a reply at OpenAI’s own chat endpoint', () => {
    expect(renameParameters({ max_tokens: 5 }, 'chat', 'https://api.openai.com/v1')).toEqual({
      max_completion_tokens: 5,
    });
    expect(renameParameters({ max_tokens: 5 }, 'chat', 'https://api.groq.com/openai/v1')).toEqual({ max_tokens: 5 });
  });

  it('that nobody knows are passed on as they are', () => {
    const names = fc.stringMatching(/^[a-z]{1,8}$/).filter((name) => name !== 'stop');
    fc.assert(
      fc.property(
        fc.dictionary(names, fc.integer()),
        fc.constantFrom<Protocol>('chat', 'responses', 'messages', 'gemini'),
        (params, p) => {
          expect(renameParameters(params, p, null)).toEqual({ ...params });
        },
      ),
    );
  });
});
