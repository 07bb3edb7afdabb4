import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRealClock } from '../../../src/platform/clock.ts';
import { probe } from '../../../src/providers/probe/probe.ts';
import { startLoopback, type Loopback } from '../../support/loopback-server.ts';
import type { WireProtocol } from '../../support/wire-replies.ts';
import { testBackend } from '../backend.ts';

type Failure = readonly [
  name: string,
  protocol: WireProtocol,
  events: object[],
  kind: string,
  said: string,
  sent?: string,
];

const chunk = (more: object): object => ({ choices: [{ index: 0, delta: { content: 'Hi' }, ...more }] });
const gemini = (finishReason: string): object => ({
  candidates: [{ content: { parts: [{ text: 'Hi' }] }, finishReason }],
});
const failed = (error: object | null, status = 'failed'): object => ({
  type: `response.${status}`,
  response: { status, error, output: [], usage: null },
});

/** Each said in the middle of a stream that began well. */
const FAILURES: readonly Failure[] = [
  [
    'a failed response',
    'responses',
    [failed({ code: 'server_error', message: 'Sorry.' })],
    'overloaded',
    'Sorry.',
    'failed',
  ],
  [
    'a failed response with nothing said',
    'responses',
    [failed(null)],
    'bad-request',
    'The server reported an error without saying which.',
    'failed',
  ],
  [
    'a response that was cancelled',
    'responses',
    [failed(null, 'cancelled')],
    'protocol',
    'The provider cancelled the response.',
    'cancelled',
  ],
  [
    'a flat error event',
    'responses',
    [{ type: 'error', code: 'rate_limit_exceeded', message: 'Slow down.', param: null }],
    'rate-limit',
    'Slow down.',
    'failed',
  ],
  [
    'a nested error event',
    'responses',
    [
      {
        type: 'error',
        error: { type: 'invalid_request_error', code: 'context_length_exceeded', message: 'Too long.' },
      },
    ],
    'context-length',
    'Too long.',
    'failed',
  ],
  ['an error chunk', 'chat', [{ error: { message: 'Overloaded.', code: 503 } }], 'overloaded', 'Overloaded.'],
  ['an error as text', 'chat', [{ error: 'Model is overloaded' }], 'overloaded', 'Model is overloaded'],
  [
    'an error object of a local server',
    'chat',
    [{ object: 'error', message: 'Bad prompt.', type: 'BadRequestError', code: 400 }],
    'bad-request',
    'Bad prompt.',
  ],
  [
    "Groq's reason",
    'chat',
    [chunk({ finish_reason: 'stop' }), { choices: [], x_groq: { error: 'over capacity' } }],
    'overloaded',
    'over capacity',
    'stop',
  ],
  [
    'an error in the choice',
    'chat',
    [chunk({ finish_reason: 'error', error: { code: 502, message: 'Upstream.' } })],
    'overloaded',
    'Upstream.',
    'error',
  ],
  [
    'an overloaded error',
    'messages',
    [{ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }],
    'overloaded',
    'Overloaded',
  ],
  [
    'an error of billing',
    'messages',
    [{ type: 'error', error: { type: 'billing_error', message: 'Pay.' } }],
    'quota',
    'Pay.',
  ],
  [
    'an error chunk of Google',
    'gemini',
    [{ error: { code: 503, status: 'UNAVAILABLE', message: 'Later.' } }],
    'overloaded',
    'Later.',
  ],
  ...['SAFETY', 'OTHER', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'IMAGE_SAFETY', 'MODEL_ARMOR', 'JAILBREAK'].map(
    (blockReason): Failure => [
      `a prompt blocked for ${blockReason}`,
      'gemini',
      [{ promptFeedback: { blockReason } }],
      'content-filter',
      `The prompt was blocked. (${blockReason})`,
    ],
  ),
  ...['MALFORMED_FUNCTION_CALL', 'MALFORMED_RESPONSE', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS'].map(
    (reason): Failure => [
      `a reply broken off by ${reason}`,
      'gemini',
      [gemini(reason)],
      'protocol',
      `The reply was broken off: ${reason}.`,
      reason,
    ],
  ),
];

let server: Loopback;
let events: readonly object[] = [];

beforeAll(async () => {
  server = await startLoopback(({ protocol }) => {
    const isNamed = protocol === 'responses' || protocol === 'messages';
    const name = (event: object): string => (isNamed && 'type' in event ? `event: ${String(event.type)}\n` : '');
    return { chunks: events.map((event) => `${name(event)}data: ${JSON.stringify(event)}\n\n`) };
  });
});
afterAll(async () => server.close());

const failures = FAILURES.map(([name, protocol, ...rest]) => [name, protocol, rest] as const);

test.each(failures)('%s of %s', async (_name, protocol, [sent, kind, message, stop]) => {
  events = sent;
  const baseUrl = protocol === 'responses' || protocol === 'chat' ? `${server.url}/v1` : server.url;
  const signal = new AbortController().signal;
  const folded = await probe(
    testBackend({ protocol, baseUrl }),
    { text: 'Hello', signal },
    { clock: createRealClock() },
  );
  expect(folded).toMatchObject({ error: { kind, message }, stop: null, stop_reason: stop ?? null });
});
