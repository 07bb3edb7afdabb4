import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AssistantMessage, Message } from '../../src/events/message.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createProvider } from '../../src/providers/create.ts';
import { collect, testRequest } from './backend.ts';
import type { Recording } from './recording-expectations.ts';
import {
  hasRecordings,
  readRecordings,
  RECORDINGS_DIR,
  replayBackend,
  startReplay,
  type ReplayServer,
} from './replay-server.ts';

/** What a provider needs back goes back as it came: the second request of a conversation, held against recordings. */
const recordings = readRecordings();
const byStem = new Map(recordings.map((recording) => [recording.stem, recording]));
let server: ReplayServer;

type Body = Record<string, unknown>;

async function reply(stem: string, messages: Message[]): Promise<AssistantMessage> {
  const recording = byStem.get(stem)!;
  const provider = await createProvider(replayBackend(server, recording.api, stem), { clock: createRealClock() });
  const end = (await collect(provider, testRequest({ messages }))).at(-1);
  if (end?.type !== 'finished') throw new Error(`${stem} did not finish`);
  return end.message;
}

/** Plays recorded answers one after the other, with these results for the calls; gives the body of the last request. */
async function converse(stems: readonly string[], question: string, outputs: readonly string[]): Promise<Body> {
  const messages: Message[] = [{ role: 'user', text: question }];
  for (const [at, stem] of stems.entries()) {
    const message = await reply(stem, messages);
    messages.push(message);
    for (const { id: callId, name } of message.calls) {
      messages.push({ role: 'tool', callId, name, output: outputs[at] ?? '', isError: false });
    }
  }
  return server.requests().at(-1)!.body;
}

function recordedRequest(stem: string): Body {
  return JSON.parse(readFileSync(join(RECORDINGS_DIR, 'requests', `${stem}.json`), 'utf8')) as Body;
}

/** Marks of the prompt cache are this program's own. */
function withoutCacheMarks(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    key === 'cache_control' ? undefined : inner,
  ) as unknown;
}

/** The events of a recorded stream. */
function eventsOf({ file }: Recording): Body[] {
  return readFileSync(join(RECORDINGS_DIR, file), 'utf8')
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith('data: {') ? [JSON.parse(line.slice(6)) as Body] : []));
}

/** The output items of a recorded Responses stream, as they were when each was done. */
function itemsOf(recording: Recording): Body[] {
  const done = eventsOf(recording).filter(({ type }) => type === 'response.output_item.done');
  return done.toSorted((a, b) => Number(a.output_index) - Number(b.output_index)).map(({ item }) => item as Body);
}

/** Everything in a recorded answer that its provider wants back untouched. */
function seals(recording: Recording): string[] {
  const { api } = recording;
  const events = eventsOf(recording);
  const found: string[] = [];
  const open = new Map<number, string>();
  for (const event of events) {
    if (api === 'messages') {
      const { index = 0, delta } = event as { index?: number; delta?: { type: string; signature?: string } };
      if (delta?.type === 'signature_delta') open.set(index, (open.get(index) ?? '') + (delta.signature ?? ''));
      continue;
    }
    // The whole response at the end says everything once more, sealed anew.
    if (api === 'responses' && (event as { type?: string }).type !== 'response.output_item.done') continue;
    JSON.stringify(event, (key, value: unknown) => {
      if ((key === 'thoughtSignature' || key === 'encrypted_content') && typeof value === 'string') found.push(value);
      return value;
    });
  }
  return [...found, ...open.values()];
}

describe.runIf(hasRecordings)('the next request (skipped where the recordings are absent)', () => {
  beforeAll(async () => {
    server = await startReplay();
  });
  beforeEach(() => server.reset());
  afterAll(async () => server.close());

  test('gives Gemini its calls back with their signatures, as the recorded conversation did', async () => {
    const recorded = recordedRequest('gem-afc-3').contents as { role: string; parts: Body[] }[];
    const question = String(recorded[0]?.parts[0]?.text);
    const body = await converse(['gem-afc-1', 'gem-afc-2', 'gem-afc-3'], question, ['42', '2']);
    // Its SDK sent the results as numbers; ours are texts.
    const asText = (part: Body): Body => {
      const result = part.functionResponse as { name: string; response: { output: unknown } } | undefined;
      return result
        ? { functionResponse: { name: result.name, response: { output: String(result.response.output) } } }
        : part;
    };
    expect(body.contents).toEqual(recorded.map(({ role, parts }) => ({ role, parts: parts.map(asText) })));
  });

  test('gives Anthropic its thinking back with its signature, as the recorded conversation did', async () => {
    const recorded = recordedRequest('msg-thinking-then-tool-2').messages as { content: { text?: string }[] }[];
    const question = String(recorded[0]?.content[0]?.text);
    const body = await converse(['msg-thinking-then-tool', 'msg-thinking-then-tool-2'], question, ['0.32a0']);
    // The recorded client left out who called the tool (`caller`), which its provider had sent.
    expect(withoutCacheMarks(body.messages)).toMatchObject(recorded);
  });

  test('gives OpenAI its call back under the id that the result names', async () => {
    const question = 'What is the capital of France?';
    const body = await converse(['resp-function-call-1', 'resp-function-call-2'], question, ['Paris']);
    // The recorded request is of another conversation: its ids differ.
    const ids = { call_id: 'call_kL0PCQV7M2WMoVX8V8OtYSAL' };
    const recorded = recordedRequest('resp-function-call-2').input as Body[];
    expect(body.input).toMatchObject(recorded.map((item) => ('call_id' in item ? { ...item, ...ids } : item)));
  });

  const sealed = recordings.filter((recording) => recording.kind === 'stream' && seals(recording).length > 0);

  test('is held against every recording with something sealed in it', () => {
    expect(sealed.map(({ api }) => api)).toEqual(expect.arrayContaining(['messages', 'generateContent', 'responses']));
  });

  test.each(sealed.map((recording) => [recording.stem, recording] as const))(
    'gives everything sealed in %s back, once and untouched',
    async (stem, recording) => {
      const message = await reply(stem, [{ role: 'user', text: 'Go' }]);
      const results = message.calls.map(({ id: callId, name }): Message => ({
        role: 'tool',
        callId,
        name,
        output: 'ok',
        isError: false,
      }));
      await reply(stem, [{ role: 'user', text: 'Go' }, message, ...results, { role: 'user', text: 'On' }]).catch(
        () => null,
      );
      const text = JSON.stringify(server.requests()[1]?.body);
      const times = seals(recording).map((seal) => text.split(JSON.stringify(seal)).length - 1);
      expect(times).toEqual(times.map(() => 1));
    },
  );

  test.each(
    recordings
      .filter(({ api, kind, expected }) => api === 'responses' && kind === 'stream' && expected.error === undefined)
      .map((recording) => [recording.stem, recording] as const),
  )('gives the items of %s back as they came', async (stem, recording) => {
    const output = itemsOf(recording);
    const message = await reply(stem, [{ role: 'user', text: 'Go' }]);
    const results = message.calls.map(({ id: callId, name }): Message => ({
      role: 'tool',
      callId,
      name,
      output: 'ok',
      isError: false,
    }));
    await reply(stem, [{ role: 'user', text: 'Go' }, message, ...results]);
    const input = server.requests()[1]?.body.input as Body[];
    // Reasoning that is neither stored nor encrypted cannot go back, nor the ids that are bound to it.
    const isLost = (item: Body): boolean => item.type === 'reasoning' && typeof item.encrypted_content !== 'string';
    const withoutIds = output.some(isLost);
    const kept = output.filter((item) => !isLost(item)).map(({ id, ...item }) => (withoutIds ? item : { ...item, id }));
    expect(input.slice(1, 1 + kept.length)).toEqual(kept);
  });
});
