import { performance } from 'node:perf_hooks';
import { Anthropic } from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { OpenAI } from 'openai';
import { createRealClock } from '../../src/platform/clock.ts';
import { createProvider } from '../../src/providers/create.ts';
import { testBackend, testRequest } from '../providers/backend.ts';
import { replyStream, type WireProtocol } from '../support/wire-replies.ts';
import { benchAborts } from './abort.ts';
import type { Figure } from './measure.ts';

const EVENTS = 4_000;
const ROUNDS = 40;
const URL_OF_NOBODY = 'http://127.0.0.1:9';
const PROTOCOLS: readonly WireProtocol[] = ['responses', 'chat', 'messages', 'gemini'];

/**
 * What an adapter adds to its vendor's SDK: time per streamed event, against the SDK's own raw iteration of the same
 * bytes. No network: both get their answer from a `fetch` that has it ready, in reads of one event (a model that is
 * slow) and of 16 KB (a fast one).
 */
export async function benchProviders(): Promise<Figure[]> {
  const realFetch = globalThis.fetch;
  const figures: Figure[] = [];
  try {
    for (const protocol of PROTOCOLS) {
      for (const size of ['one event', '16 KB'] as const) {
        const body = pieces(protocol, size);
        globalThis.fetch = () => Promise.resolve(answer(body));
        const bare = bareCall(protocol);
        const ours = await ownCall(protocol);
        const [sdkUs, ownUs] = await compare(bare, ours);
        figures.push({
          name: `${protocol}, reads of ${size}: adapter ÷ SDK`,
          value: ownUs / sdkUs,
          unit: '×',
          limit: 1.5,
          note: `${ownUs.toFixed(1)} µs ÷ ${sdkUs.toFixed(1)} µs an event`,
        });
      }
    }
  } finally {
    globalThis.fetch = realFetch;
  }
  return [...figures, ...(await benchAborts(PROTOCOLS))];
}

/** By turns, so that whatever else the machine does falls on both. Microseconds an event. */
async function compare(bare: () => Promise<number>, ours: () => Promise<number>): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = -3; round < ROUNDS; round += 1) {
    for (const [at, run] of [bare, ours].entries()) {
      const startedAt = performance.now();
      const seen = await run();
      const ms = performance.now() - startedAt;
      if (seen < EVENTS) throw new Error(`only ${seen} of ${EVENTS} events came`);
      if (round >= 0) times[at]?.push((ms * 1000) / EVENTS);
    }
  }
  // The best of each: what else the machine does only ever adds.
  return [Math.min(...times[0]), Math.min(...times[1])];
}

function pieces(protocol: WireProtocol, size: 'one event' | '16 KB'): Uint8Array<ArrayBuffer>[] {
  const text = Array.from({ length: EVENTS }, (_, i) => `token ${i} `);
  const encoder = new TextEncoder();
  const events = replyStream(protocol, { text }).map((event) => encoder.encode(event));
  if (size === 'one event') return events;
  const whole = encoder.encode(replyStream(protocol, { text }).join(''));
  return Array.from({ length: Math.ceil(whole.length / 16_384) }, (_, i) => whole.slice(i * 16_384, (i + 1) * 16_384));
}

function answer(body: readonly Uint8Array<ArrayBuffer>[]): Response {
  let next = 0;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const piece = body[next];
      next += 1;
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
  return new Response(stream, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
}

async function ownCall(protocol: WireProtocol): Promise<() => Promise<number>> {
  const backend = testBackend({ protocol, baseUrl: URL_OF_NOBODY });
  const provider = await createProvider(backend, { clock: createRealClock() });
  return async () => {
    // The pieces of a read that came at once are one event: what counts is that every piece is there.
    let text = '';
    for await (const event of provider.stream(testRequest())) {
      if (event.type === 'text') text += event.text;
      if (event.type === 'failed') throw new Error(event.error.message);
    }
    return text.split('token').length - 1;
  };
}

/** The SDK as its own documentation uses it. */
function bareCall(protocol: WireProtocol): () => Promise<number> {
  const openai = new OpenAI({ apiKey: 'k', baseURL: URL_OF_NOBODY });
  const anthropic = new Anthropic({ apiKey: 'k', baseURL: URL_OF_NOBODY });
  const gemini = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: URL_OF_NOBODY } });
  const messages = [{ role: 'user' as const, content: 'Hello' }];
  const model = 'test-model';
  const open = (): Promise<AsyncIterable<unknown>> => {
    switch (protocol) {
      case 'responses':
        return openai.responses.create({ model, input: 'Hello', stream: true });
      case 'chat':
        return openai.chat.completions.create({ model, messages, stream: true });
      case 'messages':
        return anthropic.messages.create({ model, messages, max_tokens: 100, stream: true });
      case 'gemini':
        return gemini.models.generateContentStream({ model, contents: 'Hello' });
    }
  };
  return async () => {
    let events = 0;
    for await (const event of await open()) if (event !== null) events += 1;
    return events;
  };
}
