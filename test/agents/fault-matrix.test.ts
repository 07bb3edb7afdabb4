import { afterEach, describe, expect, test } from 'vitest';
import { callModel } from '../../src/agents/call-model.ts';
import type { TurnContext } from '../../src/agents/turn-context.ts';
import type { BackendSpec } from '../../src/config/team.ts';
import type { EventDraft } from '../../src/events/event.ts';
import type { ModelErrorKind } from '../../src/events/model-error.ts';
import { seededRandom } from '../../src/events/random.ts';
import { createProvider } from '../../src/providers/create.ts';
import type { ModelEnd, Provider } from '../../src/providers/provider.ts';
import { plainRules } from '../../src/tools/tool-rules.ts';
import { testBackend } from '../providers/backend.ts';
import { createManualClock, type ManualClock } from '../providers/manual-clock.ts';
import { errorAnswer, startLoopback, type Answer, type Loopback } from '../support/loopback-server.ts';
import { replyStream, sseEvent, type WireProtocol, type WireReply } from '../support/wire-replies.ts';

interface Endpoint {
  name: string;
  protocol: WireProtocol;
  /** Below the address of the server. */
  path: string;
  part?: Partial<BackendSpec>;
}

/** The four protocols, and two of them as Azure and Vertex AI speak them. */
const ENDPOINTS: Endpoint[] = [
  { name: 'responses', protocol: 'responses', path: '/v1' },
  { name: 'chat', protocol: 'chat', path: '/v1' },
  { name: 'messages', protocol: 'messages', path: '' },
  { name: 'gemini', protocol: 'gemini', path: '' },
  { name: 'azure', protocol: 'chat', path: '/openai/v1', part: { type: 'azure_openai' } },
  { name: 'vertex', protocol: 'gemini', path: '/v1/projects/p/locations/l', part: { authStyle: 'bearer' } },
];
const GOOD: WireReply = { text: ['before', 'after'] };
const SILENCE_MS = 5_000;

let server: Loopback;
afterEach(async () => server.close());

interface Started {
  end: Promise<ModelEnd>;
  clock: ManualClock;
  waits: number[];
  records: EventDraft[];
  /** Terminal events of each stream, in order. */
  ends: string[][];
  abort: () => void;
}

/** One model call of an agent, against a server that answers by the script. */
async function start({ protocol, path, part }: Endpoint, script: readonly (Answer | WireReply)[]): Promise<Started> {
  server = await startLoopback(script);
  const manual = createManualClock();
  const waits: number[] = [];
  // Waits between tries are over at once; timers stand still until a test moves them.
  const clock: ManualClock = Object.assign(Object.create(manual) as ManualClock, {
    sleep: (ms: number) => Promise.resolve(void waits.push(ms)),
  });
  const backend = testBackend({ protocol, baseUrl: `${server.url}${path}`, idleTimeoutMs: SILENCE_MS, ...part });
  const ends: string[][] = [];
  const controller = new AbortController();
  const records: EventDraft[] = [];
  const context: Pick<TurnContext, keyof TurnContext> = {
    alias: 'agent1',
    turn: 'agent1-turn1',
    kind: 'draft',
    briefing: { systemMessage: null },
    unfinished: null,
    provider: noting(await createProvider(backend, { clock }), ends),
    tools: [],
    rules: plainRules(clock),
    files: null,
    clock,
    random: seededRandom(1),
    signal: controller.signal,
    state: () => ({ agents: { agent1: { info: { isModel: true } } } }) as unknown as ReturnType<TurnContext['state']>,
    conversation: () => [{ role: 'user', text: 'Hello' }],
    record: (...drafts) => Promise.resolve(void records.push(...drafts)),
  };
  return { end: callModel(context, [], 'auto'), clock, waits, records, ends, abort: () => controller.abort() };
}

/** The provider, with the last event of each of its streams and all that follow a terminal one noted. */
function noting(provider: Provider, ends: string[][]): Provider {
  return {
    ...provider,
    async *stream(request) {
      const seen: string[] = [];
      ends.push(seen);
      for await (const event of provider.stream(request)) {
        if (seen.length > 0 || event.type === 'finished' || event.type === 'failed') seen.push(event.type);
        yield event;
      }
    },
  };
}

/** The blocks of a good reply up to its first text, included. */
function begun(protocol: WireProtocol): string[] {
  const chunks = replyStream(protocol, GOOD);
  return chunks.slice(0, chunks.findIndex((chunk) => chunk.includes('"before"')) + 1);
}

/** The provider's own error, in a stream that had begun. */
function overloaded(protocol: WireProtocol): string {
  if (protocol === 'messages')
    return sseEvent({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'error');
  if (protocol === 'responses')
    return sseEvent({ type: 'error', code: 'server_error', message: 'The server had an error.' }, 'error');
  if (protocol === 'gemini') return sseEvent({ error: { code: 503, message: 'Overloaded', status: 'UNAVAILABLE' } });
  return sseEvent({ error: { message: 'The server had an error.', type: 'server_error', code: null } });
}

function outcome(end: ModelEnd): 'finished' | ModelErrorKind {
  return end.type === 'finished' ? 'finished' : end.error.kind;
}

describe.each(ENDPOINTS)('$name', (endpoint) => {
  const { protocol } = endpoint;
  const refusal = (status: number, headers: Record<string, string> = {}): Answer =>
    errorAnswer(status, { error: { message: 'No.' } }, headers);

  test.each<[string, (Answer | WireReply)[], number, 'finished' | ModelErrorKind]>([
    ['429 with Retry-After, then success', [refusal(429, { 'retry-after': '7' }), GOOD], 2, 'finished'],
    ['429 that asks for an hour', [refusal(429, { 'retry-after': '3600' })], 1, 'rate-limit'],
    ['500, then success', [refusal(500), GOOD], 2, 'finished'],
    ['529, then success', [refusal(529), GOOD], 2, 'finished'],
    ['a cut before anything came, then success', [{ chunks: [], end: 'cut' }, GOOD], 2, 'finished'],
    ['an overload in the middle', [{ chunks: [...begun(protocol), overloaded(protocol)] }, GOOD], 1, 'overloaded'],
    ['a cut in the middle', [{ chunks: begun(protocol), end: 'cut' }, GOOD], 1, 'network'],
    ['an end in the middle', [{ chunks: begun(protocol) }, GOOD], 1, 'protocol'],
    [
      'broken JSON in the middle',
      [{ chunks: [...begun(protocol), 'event: content_block_delta\ndata: {"broken\n\n'] }, GOOD],
      1,
      'protocol',
    ],
    ['401', [refusal(401), GOOD], 1, 'auth'],
    ['400', [refusal(400), GOOD], 1, 'bad-request'],
    ['402', [refusal(402), GOOD], 1, 'quota'],
  ])('%s', async (_name, script, requests, expected) => {
    const call = await start(endpoint, script);
    const end = await call.end;
    expect({ outcome: outcome(end), requests: server.requests.length, waits: call.waits.length }).toEqual({
      outcome: expected,
      requests,
      waits: requests - 1,
    });
    // Each stream ends once, and nothing comes after it.
    const isFinished = expected === 'finished';
    const last = [isFinished ? 'finished' : 'failed'];
    expect(call.ends).toEqual([...Array.from({ length: requests - 1 }, () => ['failed']), last]);
    // Every request is on record: as many ends as beginnings.
    const types = call.records.map(({ type }) => type).filter((type) => type.startsWith('request.'));
    expect(types.filter((type) => type === 'request.started')).toHaveLength(requests);
    expect(types.filter((type) => type !== 'request.started')).toHaveLength(requests);
  });

  test('waits as long as the server asks', async () => {
    const call = await start(endpoint, [refusal(429, { 'retry-after': '7' }), GOOD]);
    await call.end;
    expect(call.waits).toEqual([7_000]);
  });

  test('hangs at the headers: the connection is given up and tried again', async () => {
    const call = await start(endpoint, [{ chunks: [], before: new Promise(() => undefined) }, GOOD]);
    await server.arrived(1);
    call.clock.advance(SILENCE_MS);
    expect(outcome(await call.end)).toBe('finished');
    expect(await server.requests[0]?.ended).toBe('client-closed');
    expect(server.requests).toHaveLength(2);
  });

  test('hangs in the middle: nothing is asked again', async () => {
    const middle = Promise.withResolvers<void>();
    const chunks = [...begun(protocol), new Promise((resolve) => middle.promise.then(resolve))];
    const call = await start(endpoint, [{ chunks }, GOOD]);
    await untilText(call.records, call.clock);
    call.clock.advance(SILENCE_MS);
    expect(outcome(await call.end)).toBe('network');
    expect(await server.requests[0]?.ended).toBe('client-closed');
    expect(server.requests).toHaveLength(1);
    middle.resolve();
  });

  test('an abort reaches the server before the call has ended, and nothing is asked again', async () => {
    const call = await start(endpoint, [{ chunks: begun(protocol), end: 'hang' }, GOOD]);
    await untilText(call.records, call.clock);
    call.abort();
    const [ended, end] = await Promise.all([server.requests[0]?.ended, call.end]);
    expect({ ended, outcome: outcome(end), requests: server.requests.length }).toEqual({
      ended: 'client-closed',
      outcome: 'aborted',
      requests: 1,
    });
  });
});

/** Resolves when the text is on record; it is held back for as long as the clock stands still. */
async function untilText(records: readonly EventDraft[], clock: ManualClock): Promise<void> {
  while (!records.some(({ type }) => type === 'text.appended')) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(10);
  }
}
