import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/events/json.ts';
import { refusalError, streamError } from '../../../src/providers/wire/classify-error.ts';

const CONTEXT = { secrets: [], nowMs: 1_000_000 };

function refuse(status: number, body: JsonValue, headers: Record<string, string> = {}): unknown {
  return refusalError({ status, body, headers: new Headers(headers), isWebPage: false }, CONTEXT);
}

describe('refusalError', () => {
  test.each<[string, number, JsonValue, string]>([
    ['OpenAI, no money', 429, { error: { message: 'm', code: 'insufficient_quota' } }, 'quota'],
    ['OpenAI, too fast', 429, { error: { message: 'm', type: 'tokens', code: 'rate_limit_exceeded' } }, 'rate-limit'],
    ['OpenAI, too long', 400, { error: { message: 'm', code: 'context_length_exceeded' } }, 'context-length'],
    ['Azure, filtered', 400, { error: { message: 'm', code: 'content_filter' } }, 'content-filter'],
    [
      'Anthropic, no money',
      400,
      { error: { type: 'invalid_request_error', message: 'Your credit balance is too low' } },
      'quota',
    ],
    ['Anthropic, too long', 400, { error: { message: 'prompt is too long: 9 tokens > 8 maximum' } }, 'context-length'],
    ['Anthropic, overloaded', 529, { error: { type: 'overloaded_error', message: 'm' } }, 'overloaded'],
    ['Gemini, bad key', 400, { error: { message: 'm', details: [{ reason: 'API_KEY_INVALID' }] } }, 'auth'],
    [
      'Gemini, used up for today',
      429,
      { error: { message: 'm', details: [{ violations: [{ quotaId: 'GenerateRequestsPerDayPerProject' }] }] } },
      'quota',
    ],
    [
      'Gemini, too fast',
      429,
      { error: { message: 'check your plan and billing details', status: 'RESOURCE_EXHAUSTED' } },
      'rate-limit',
    ],
    ['Groq, a call it could not read', 400, { error: { message: 'm', code: 'tool_use_failed' } }, 'protocol'],
    ['OpenRouter, flagged', 403, { error: { code: 403, message: 'Your input was flagged' } }, 'content-filter'],
    ['a list around the error', 400, [{ error: { message: 'm' } }], 'bad-request'],
    ['plain text', 502, 'Bad gateway', 'overloaded'],
  ])('%s', (_name, status, body, kind) => {
    expect(refuse(status, body)).toMatchObject({ kind, status });
  });

  test.each<[JsonValue, string]>([
    [{ error: { message: 'nested' } }, 'nested'],
    [{ error: 'a word' }, 'a word'],
    [{ message: 'flat' }, 'flat'],
    [{ detail: 'FastAPI' }, 'FastAPI'],
    [{ detail: [{ loc: ['body'] }] }, '[{"loc":["body"]}]'],
    [
      { error: { message: 'Provider returned error', metadata: { raw: 'real words' } } },
      'Provider returned error: real words',
    ],
    [{ error: { message: '', metadata: { raw: 'real words' } } }, 'real words'],
    ['text', 'text'],
    [{}, 'The server answered with status 418.'],
  ])('finds the words in %j', (body, message) => {
    expect(refuse(418, body)).toMatchObject({ message });
  });

  test.each<[Record<string, string>, JsonValue, number]>([
    [{ 'retry-after': '20' }, {}, 20_000],
    [{ 'retry-after': '20', 'retry-after-ms': '1500' }, {}, 1_500],
    [{ 'retry-after': new Date(1_030_000).toUTCString() }, {}, 30_000],
    [{ 'retry-after': new Date(0).toUTCString() }, {}, 0],
    [{}, { error: { details: [{ retryDelay: '37.5s' }] } }, 37_500],
    [{}, { error: { message: 'Please try again in 1m2.5s.' } }, 62_500],
    [{}, { error: { message: 'Please try again in 350ms.' } }, 350],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1m20s' }, {}, 80_000],
    [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '120ms' }, {}, 120],
    [
      {
        'x-ratelimit-remaining-requests': '9',
        'x-ratelimit-reset-requests': '1h',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '2.5',
      },
      {},
      2_500,
    ],
    [
      {
        'anthropic-ratelimit-input-tokens-remaining': '0',
        'anthropic-ratelimit-input-tokens-reset': new Date(1_040_000).toISOString(),
      },
      {},
      40_000,
    ],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1763856000000' }, {}, 1_763_856_000_000 - 1_000_000],
    [{ 'retry-after': '3', 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '60s' }, {}, 3_000],
  ])('reads the wish to wait from %j and %j', (headers, body, retryAfterMs) => {
    expect(refuse(429, body, headers)).toMatchObject({ retryAfterMs });
  });

  test('makes up no wish to wait', () => {
    expect(refuse(429, { error: { message: 'No.' } }, { 'retry-after': 'soon' })).not.toHaveProperty('retryAfterMs');
    const left = { 'x-ratelimit-remaining-tokens': '1', 'x-ratelimit-reset-tokens': '60s' };
    expect(refuse(500, { error: { message: 'No.' } }, left)).not.toHaveProperty('retryAfterMs');
  });
});

describe('streamError', () => {
  test.each<[JsonValue, string]>([
    [{ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'overloaded'],
    [{ type: 'error', code: 'server_error', message: 'm' }, 'overloaded'],
    [{ type: 'error', code: 'rate_limit_exceeded', message: 'm' }, 'rate-limit'],
    [{ error: { code: 503, message: 'm', status: 'UNAVAILABLE' } }, 'overloaded'],
    [{ error: { code: 400, message: 'Token limit reached' } }, 'bad-request'],
    [{ response: { error: { code: 'insufficient_quota', message: 'm' } } }, 'quota'],
    [{ error: { type: 'invalid_request_error', code: 'tool_use_failed', status_code: 400, message: 'm' } }, 'protocol'],
  ])('%j', (body, kind) => {
    expect(streamError(body as never, CONTEXT)).toMatchObject({ kind });
  });
});
