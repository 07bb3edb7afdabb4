import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRealClock } from '../../../src/platform/clock.ts';
import type { FoldedMessage } from '../../../src/providers/probe/folded-message.ts';
import { probe } from '../../../src/providers/probe/probe.ts';
import type { Recording } from '../recording-expectations.ts';
import { hasRecordings, readRecordings, replayBackend, startReplay, type ReplayServer } from '../replay-server.ts';

const recordings = readRecordings();
if (!hasRecordings) console.log('Recorded provider streams are absent: probe is not held against them.');

let server: ReplayServer;

/** What a probe says, reduced to what the recordings' index knows; field by field in the provider's own words. */
async function observe(recording: Recording, options = ''): Promise<unknown> {
  // Only an answer to a request without a stream can be one JSON object here, except for Gemini.
  const isWhole = recording.kind === 'json' && recording.api !== 'generateContent';
  const backend = replayBackend(server, recording.api, recording.stem + options, {
    params: isWhole ? { stream: false } : {},
  });
  const signal = new AbortController().signal;
  return reduce(await probe(backend, { text: 'Hello', signal }, { clock: createRealClock() }), recording);
}

function reduce(folded: FoldedMessage, { kind, expected }: Recording): unknown {
  if (kind === 'error') {
    const { message, status } = folded.error ?? {};
    return { message, status, text: folded.text, calls: folded.tool_calls };
  }
  const counts: Record<string, unknown> | null = folded.usage && { ...folded.usage, tool_prompt: undefined };
  return {
    text: folded.text,
    reasoning: folded.reasoning,
    refusal: folded.refusal,
    calls: folded.tool_calls.map(({ name, args }) => ({ name, args })),
    builtin: folded.builtin,
    stop: folded.stop_reason,
    usage: usageOf(expected.usage && counts, Object.keys(expected.usage ?? {})),
    hasFailed: folded.error !== null,
  };
}

function readExpected({ kind, expected }: Recording): unknown {
  if (kind === 'error') {
    const message = expected.error?.message ?? expected.error?.detail;
    return { message, status: expected.http_status, text: '', calls: [] };
  }
  return {
    text: expected.text,
    reasoning: expected.reasoning ?? '',
    refusal: expected.refusal ?? '',
    calls: (expected.assembled_tool_calls ?? expected.tool_calls).map(({ name, args }) => ({ name, args })),
    builtin: (expected.builtin ?? []).map((used) => used.type ?? used.kind),
    stop: expected.stop_reason,
    usage: usageOf(expected.usage, Object.keys(expected.usage ?? {})),
    hasFailed: expected.error !== undefined || expected.prompt_feedback !== undefined,
  };
}

/** The counts that the index lists; one that holds only nulls is no usage. Gemini's prompts of tools stand apart there. */
function usageOf(counts: Record<string, unknown> | null, keys: readonly string[]): unknown {
  const known = keys.filter((key) => key !== 'tool_prompt').map((key) => [key, counts?.[key] ?? null] as const);
  return known.every(([, value]) => value === null) ? null : Object.fromEntries(known);
}

describe.runIf(hasRecordings)('probe, against recorded answers (skipped where they are absent)', () => {
  beforeAll(async () => {
    server = await startReplay();
  });
  afterAll(async () => server.close());

  const WAYS = ['', '~split=utf8', '~split=r3~eol=cr', '~bom=1~comments=1~eol=crlf'];
  test.each(recordings.map((recording) => [recording.stem, recording] as const))(
    '%s is folded into what it says, however its bytes are cut',
    async (_stem, recording) => {
      const ways = recording.kind === 'stream' ? WAYS : [''];
      const seen = await Promise.all(ways.map(async (way) => [way, await observe(recording, way)]));
      expect(seen).toEqual(ways.map((way) => [way, readExpected(recording)]));
    },
  );

  const long = ['resp-incomplete-max-tokens', 'chat-long-text', 'msg-thinking-text', 'gem-thinking-25pro'];
  const FAULTS: readonly (readonly [options: string, kind: string, end: string])[] = [
    ['~cut=50p', 'network', 'cut'],
    ['~trunc=50pb', 'protocol', 'truncated'],
    ['~trunc=51p', 'protocol', 'truncated'],
    ['~error=50pb', 'overloaded', 'error-event'],
    ['~hang=50pb', 'network', 'client-closed'],
    ['~hang=headers', 'network', 'client-closed'],
    ['~fail=429x1~ra=3', 'rate-limit', 'failed'],
    ['~fail=529x1', 'overloaded', 'failed'],
  ];
  test.each(long.flatMap((stem) => FAULTS.map((fault) => [stem, ...fault] as const)))(
    '%s with %s is a failure of kind %s after one request, and keeps what came before',
    async (stem, options, kind, end) => {
      server.reset();
      const { api, expected } = recordings.find((recording) => recording.stem === stem)!;
      const idleTimeoutMs = options.includes('hang') ? 400 : 20_000;
      const backend = replayBackend(server, api, stem + options, { idleTimeoutMs });
      const request = { text: 'Hello', signal: new AbortController().signal };
      const folded = await probe(backend, request, { clock: createRealClock() });
      expect(folded).toMatchObject({ error: { kind }, stop: null });
      expect(expected.text.startsWith(folded.text) && folded.text.length < expected.text.length).toBe(true);
      await expect.poll(() => server.responses().map((response) => response.end)).toEqual([end]);
    },
  );

  test('sends exactly one request per probe, whatever comes back', async () => {
    server.reset();
    const picked = ['err-resp-401', 'chat-long-text', 'msg-web-fetch', 'err-gem-404-stream'];
    for (const recording of recordings.filter(({ stem }) => picked.includes(stem))) await observe(recording);
    expect(server.requests()).toHaveLength(picked.length);
  });
});
