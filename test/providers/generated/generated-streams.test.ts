import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRealClock } from '../../../src/platform/clock.ts';
import { probe } from '../../../src/providers/probe/probe.ts';
import { startLoopback, type Loopback } from '../../support/loopback-server.ts';
import type { WireProtocol } from '../../support/wire-replies.ts';
import { testBackend } from '../backend.ts';
import { CHAT_PARTS } from './chat-parts.ts';
import { GEMINI_PARTS } from './gemini-parts.ts';
import { MESSAGES_PARTS } from './messages-parts.ts';
import { sumOf, type Part } from './part.ts';
import { RESPONSES_PARTS } from './responses-parts.ts';

/** How a reply ends: in the provider's words, and in ours. */
type End = readonly [sent: string, stop: string];

interface Dialect {
  parts: readonly Part[];
  ends: readonly End[];
  /** The stream around the parts. */
  stream(parts: readonly Part[], end: End): object[];
}

const eventsOf = (parts: readonly Part[]): object[] => parts.flatMap((part, at) => part.events(at));

const DIALECTS: Record<WireProtocol, Dialect> = {
  responses: {
    parts: RESPONSES_PARTS,
    ends: [
      ['completed', 'end'],
      ['incomplete:max_output_tokens', 'max-tokens'],
      ['incomplete:content_filter', 'content-filter'],
      ['incomplete:max_messages', 'other'],
      ['incomplete:steered', 'other'],
    ],
    stream(parts, [sent]) {
      const [status, reason] = sent.split(':');
      const output = parts.flatMap(({ item }) => item ?? []);
      const usage = {
        input_tokens: 20,
        input_tokens_details: { cached_tokens: 3, cache_write_tokens: 2 },
        output_tokens: 9,
        output_tokens_details: { reasoning_tokens: 4 },
        total_tokens: 29,
      };
      const response = { status, output, usage, ...(reason && { incomplete_details: { reason } }) };
      const begun = ['created', 'queued', 'in_progress'].map((type) => ({
        type: `response.${type}`,
        response: { status: 'in_progress' },
      }));
      const events = [...begun, ...eventsOf(parts), { type: `response.${status}`, response }];
      return events.map((event, sequence_number) => ({ ...event, sequence_number }));
    },
  },
  chat: {
    parts: CHAT_PARTS,
    ends: [
      ['stop', 'end'],
      ['length', 'max-tokens'],
      ['tool_calls', 'tool-calls'],
      ['function_call', 'tool-calls'],
      ['content_filter', 'content-filter'],
      ['eos', 'end'],
    ],
    stream: (parts, [sent]) => [
      ...eventsOf(parts),
      { choices: [{ index: 0, delta: {}, finish_reason: sent }] },
      {
        choices: [],
        usage: {
          prompt_tokens: 20,
          completion_tokens: 9,
          total_tokens: 29,
          prompt_tokens_details: { cached_tokens: 3, cache_write_tokens: 2 },
          completion_tokens_details: { reasoning_tokens: 4 },
        },
      },
    ],
  },
  messages: {
    parts: MESSAGES_PARTS,
    ends: [
      ['end_turn', 'end'],
      ['max_tokens', 'max-tokens'],
      ['model_context_window_exceeded', 'max-tokens'],
      ['tool_use', 'tool-calls'],
      ['stop_sequence', 'stop-sequence'],
      ['pause_turn', 'pause'],
      ['compaction', 'pause'],
      ['refusal', 'refusal'],
    ],
    stream: (parts, [stop_reason]) => [
      {
        type: 'message_start',
        message: {
          role: 'assistant',
          content: [],
          usage: { input_tokens: 12, cache_read_input_tokens: 3, cache_creation_input_tokens: 2, output_tokens: 1 },
        },
      },
      ...eventsOf(parts),
      {
        type: 'message_delta',
        delta: { stop_reason, stop_sequence: null, container: { id: 'container_1', expires_at: 'x' } },
        // What server tools read comes on top.
        usage: {
          input_tokens: 15,
          output_tokens: 9,
          cache_read_input_tokens: null,
          output_tokens_details: { thinking_tokens: 4 },
        },
      },
      { type: 'message_stop' },
    ],
  },
  gemini: {
    parts: GEMINI_PARTS,
    ends: [
      ['STOP', 'end'],
      ['MAX_TOKENS', 'max-tokens'],
      ['CONTINUATION', 'max-tokens'],
      ...['SAFETY', 'RECITATION', 'LANGUAGE', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'IMAGE_SAFETY'].map(
        (reason) => [reason, 'content-filter'] as const,
      ),
      ['OTHER', 'other'],
      ['FINISH_REASON_UNSPECIFIED', 'other'],
      ['NO_IMAGE', 'other'],
    ],
    stream: (parts, [finishReason]) => [
      ...eventsOf(parts),
      {
        candidates: [{ index: 0, finishReason }],
        usageMetadata: {
          promptTokenCount: 13,
          toolUsePromptTokenCount: 7,
          candidatesTokenCount: 5,
          thoughtsTokenCount: 4,
          cachedContentTokenCount: 3,
          totalTokenCount: 29,
        },
      },
    ],
  },
};

let server: Loopback;
let answer: Uint8Array[] = [];

beforeAll(async () => {
  server = await startLoopback(() => ({ chunks: answer }));
});
afterAll(async () => server.close());

/** The bytes of a stream, in pieces of that many bytes. */
function framed(protocol: WireProtocol, events: readonly object[], size: number): Uint8Array[] {
  const text = events.map((event) => {
    const name =
      'type' in event && protocol !== 'chat' && protocol !== 'gemini' ? `event: ${String(event.type)}\n` : '';
    return `${name}data: ${JSON.stringify(event)}\n\n`;
  });
  const bytes = new TextEncoder().encode(text.join('') + (protocol === 'chat' ? 'data: [DONE]\n\n' : ''));
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

async function fold(protocol: WireProtocol): Promise<unknown> {
  const baseUrl = protocol === 'responses' || protocol === 'chat' ? `${server.url}/v1` : server.url;
  const backend = testBackend({ protocol, baseUrl });
  const signal = new AbortController().signal;
  const folded = await probe(backend, { text: 'Hello', signal }, { clock: createRealClock() });
  const { text, reasoning, refusal, builtin, billed, error, stop_reason: sent, stop } = folded;
  return {
    text,
    reasoning,
    refusal,
    calls: folded.tool_calls,
    builtin,
    citations: folded.citations.map(({ url }) => url),
    files: folded.files.map(({ id }) => id),
    billed,
    error,
    sent,
    stop,
  };
}

describe.each(Object.entries(DIALECTS) as [WireProtocol, Dialect][])('any stream of %s', (protocol, dialect) => {
  const { parts, ends } = dialect;

  async function seen(chosen: readonly Part[], end: End, size: number): Promise<unknown> {
    answer = framed(protocol, dialect.stream(chosen, end), size);
    return fold(protocol);
  }

  function meant(chosen: readonly Part[], end: End): unknown {
    const said = sumOf(chosen);
    const isAsking = said.calls.length > 0 && (end[1] === 'end' || end[1] === 'other');
    const isRefused = said.refusal !== '' && (protocol === 'chat' || end[1] === 'end');
    return {
      ...said,
      // One nameless mention per name: what counts is that each is told.
      files: expect.toSatisfy((files: unknown[]) => said.files.every((file) => files.includes(file))),
      billed: { input: 20, output: 9, cachedInput: 3, cacheWrite: protocol === 'gemini' ? 0 : 2, reasoning: 4 },
      error: null,
      sent: end[0],
      stop: isRefused ? 'refusal' : isAsking ? 'tool-calls' : end[1],
    };
  }

  test.each(parts.map((part) => [part.name, part] as const))('is read with %s', async (_name, part) => {
    const end = ends[0] ?? ['', ''];
    expect(await seen([part], end, 7)).toEqual(meant([part], end));
  });

  test.each(ends.map((end) => [end[0], end] as const))('ends with %s', async (_name, end) => {
    const [first] = parts;
    const chosen = first ? [first] : [];
    expect(await seen(chosen, end, 1_000_000)).toEqual(meant(chosen, end));
  });

  test('is the sum of its parts, in any order and however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...parts], { minLength: 1 }),
        fc.constantFrom(...ends),
        fc.integer({ min: 1, max: 400 }),
        async (chosen, end, size) => {
          expect(await seen(chosen, end, size)).toEqual(meant(chosen, end));
        },
      ),
      { numRuns: 25 },
    );
  });
});
