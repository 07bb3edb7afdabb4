import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEvents } from '../../../src/providers/wire/read-events.ts';
import type { SseEvent } from '../../../src/providers/wire/sse-parser.ts';
import type { WireLog } from '../../../src/providers/wire/wire-log.ts';

interface ReadAll {
  /** One entry per piece handed on. */
  out: readonly (readonly SseEvent[])[];
  log: WireLog;
  isLetGo: boolean;
}

async function readAll(pieces: readonly Uint8Array[], { isOpen = false } = {}): Promise<ReadAll> {
  const log: WireLog = { refusal: null, streamError: null, isDone: false, isCut: false };
  let isLetGo = false;
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      if (!isOpen) controller.close();
    },
    cancel() {
      isLetGo = true;
    },
  });
  const events = readEvents(source, { log, onBytes: () => undefined });
  const out: (readonly SseEvent[])[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done === true) return { out, log, isLetGo };
    out.push(next.value);
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const unnamed = (...data: string[]): SseEvent[] => data.map((each) => ({ event: null, data: each }));

function cut(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (whole.length + 1)))].toSorted((a, b) => a - b);
  return [...ends, whole.length].map((end, i) => whole.slice(ends[i - 1] ?? 0, end));
}

const event = fc.record({
  name: fc.constantFrom(null, 'message_start', 'x'),
  text: fc.string({ unit: 'grapheme', maxLength: 12 }),
  eol: fc.constantFrom('\n', '\n', '\n', '\r\n', '\r'),
  comment: fc.constantFrom(false, false, false, true),
});

describe('readEvents', () => {
  test('gives the same events however they are framed and cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        async (events, places) => {
          const wanted = events.map(({ name, text }) => ({ event: name, data: JSON.stringify({ text }) }));
          const framed = events.map(({ name, text, eol, comment }) =>
            `${comment ? ': hi\n' : ''}${name === null ? '' : `event: ${name}\n`}data: ${JSON.stringify({ text })}\n\n`.replaceAll(
              '\n',
              eol,
            ),
          );
          const { out, log } = await readAll(cut(bytes(framed.join('')), places));
          expect(out.flat()).toEqual(wanted);
          expect(log).toEqual({ refusal: null, streamError: null, isDone: false, isCut: false });
        },
      ),
    );
  });

  test('hands an event on as soon as it is whole', async () => {
    const plain = ['data: {"a":1}\n\n', 'data: {"a":2}\n\n'];
    const wanted = [unnamed('{"a":1}'), unnamed('{"a":2}')];
    expect((await readAll(plain.map(bytes))).out).toEqual(wanted);
    expect((await readAll(plain.map((block) => bytes(block.replaceAll('\n', '\r\n'))))).out).toEqual(wanted);
    expect((await readAll([bytes('data: {"a":1}\n\ndata: {"a"'), bytes(':2}\n\n')])).out).toEqual(wanted);
  });

  test.each([
    [['data: 1\n\ndata: [DONE]\n\ndata: 2\n\n']],
    [['data: 1\n\n', 'data: [DONE]\n\n', 'data: 2\n\n']],
    [['data: 1\n\ndata:  [DONE] \n\n']],
  ])('ends at the end mark, wherever it stands, and lets the body go: %j', async (pieces) => {
    const { out, log, isLetGo } = await readAll(pieces.map(bytes), { isOpen: true });
    expect({ out: out.flat(), isDone: log.isDone, isLetGo }).toEqual({
      out: unnamed('1'),
      isDone: true,
      isLetGo: true,
    });
  });

  test.each([
    ['data: {"error":{"message":"No."}}\n\n', { error: { message: 'No.' } }],
    ['data: {"type":"error","message":"No."}\n\n', { type: 'error', message: 'No.' }],
    ['event: error\ndata: {"message":"No."}\n\n', { message: 'No.' }],
    ['event: error\ndata: Bad Gateway\n\n', { message: 'Bad Gateway' }],
  ])('ends at an error of the server, notes it and lets the body go: %j', async (error, streamError) => {
    const { out, log, isLetGo } = await readAll([bytes(`data: 1\n\n${error}data: 2\n\n`)], { isOpen: true });
    expect({ out: out.flat(), streamError: log.streamError, isLetGo }).toEqual({
      out: unnamed('1'),
      streamError,
      isLetGo: true,
    });
  });

  test('takes a reply that only speaks of errors', async () => {
    for (const error of ['null', '""', '{}', '{"code":null,"message":""}']) {
      const data = `{"text":"\\"error\\"","error":${error}}`;
      expect((await readAll([bytes(`data: ${data}\n\n`)])).out).toEqual([unnamed(data)]);
    }
  });

  test('notes a body that is cut in an event', async () => {
    const cutOff = await readAll([bytes('data: {"a":1}\n\ndata: {"a":')]);
    expect({ out: cutOff.out.flat(), isCut: cutOff.log.isCut }).toEqual({ out: unnamed('{"a":1}'), isCut: true });
    const whole = await readAll([bytes('data: {"a":1}\n\ndata: {"a":2}')]);
    expect({ out: whole.out.flat(), isCut: whole.log.isCut }).toEqual({
      out: unnamed('{"a":1}', '{"a":2}'),
      isCut: false,
    });
  });

  test('makes a stream of an answer that is one JSON value, whatever the server calls it', async () => {
    expect(await readAll([bytes('\n{"a":'), bytes('"é"}')])).toMatchObject({
      out: [unnamed('{"a":"é"}')],
      log: { isDone: true, isCut: false },
    });
    expect((await readAll([bytes('[{"a":1},'), bytes('{"a":2}]')])).out).toEqual([unnamed('{"a":1}', '{"a":2}')]);
    expect((await readAll([bytes('{"a":')])).log.isCut).toBe(true);
    expect((await readAll([bytes('{"error":{"message":"No."}}')])).log.streamError).toEqual({
      error: { message: 'No.' },
    });
  });

  test('lets the body go when nobody reads on', async () => {
    const log: WireLog = { refusal: null, streamError: null, isDone: false, isCut: false };
    let isLetGo = false;
    const source = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes('data: 1\n\n')),
      cancel: () => {
        isLetGo = true;
      },
    });
    const events = readEvents(source, { log, onBytes: () => undefined });
    await events.next();
    await events.return?.();
    expect({ isLetGo, next: await events.next() }).toEqual({ isLetGo: true, next: { value: undefined, done: true } });
  });

  test('takes a large event in small pieces in time that grows with its size only', async () => {
    const data = JSON.stringify({ text: 'x'.repeat(2_000_000) });
    const whole = bytes(`data: ${data}\n\n`);
    const pieces = Array.from({ length: Math.ceil(whole.length / 1_000) }, (_, i) =>
      whole.slice(i * 1_000, i * 1_000 + 1_000),
    );
    expect((await readAll(pieces)).out).toEqual([unnamed(data)]);
  });
});
