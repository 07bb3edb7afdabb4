import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANY_FRAMING, cleanEvents } from '../../../src/providers/wire/clean-events.ts';
import type { WireLog } from '../../../src/providers/wire/wire-log.ts';

/** What comes out of these pieces, as text, one entry per piece handed on; and what was noted. */
async function clean(pieces: readonly Uint8Array[]): Promise<{ out: string[]; log: WireLog }> {
  const log: WireLog = { refusal: null, streamError: null, isDone: false, isCut: false };
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  const events = cleanEvents(source, { log, framing: ANY_FRAMING, onBytes: () => undefined });
  const out: string[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done === true) return { out, log };
    out.push(new TextDecoder().decode(next.value));
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

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

describe('cleanEvents', () => {
  test('gives the same events out however they are framed and cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        async (events, places) => {
          const plain = events.map(({ name, text }) => {
            const data = JSON.stringify({ text });
            return `${name === null ? '' : `event: ${name}\n`}data: ${data}\n\n`;
          });
          const framed = plain.map((block, i) => {
            const { eol = '\n', comment = false } = events[i] ?? {};
            return `${comment ? ': hi\n' : ''}${block}`.replaceAll('\n', eol);
          });
          const { out, log } = await clean(cut(bytes(framed.join('')), places));
          expect(out.join('')).toBe(plain.join(''));
          expect(log).toEqual({ refusal: null, streamError: null, isDone: false, isCut: false });
        },
      ),
    );
  });

  test('hands an event on as soon as it is whole', async () => {
    const plain = ['data: {"a":1}\n\n', 'data: {"a":2}\n\n'];
    expect((await clean(plain.map(bytes))).out).toEqual(plain);
    const crlf = plain.map((block) => bytes(block.replaceAll('\n', '\r\n')));
    expect((await clean(crlf)).out).toEqual(plain);
    expect((await clean([bytes('data: {"a":1}\n\ndata: {"a"'), bytes(':2}\n\n')])).out).toEqual(plain);
  });

  test('notes errors, the end mark and a cut', async () => {
    const error = { error: { message: 'No.' } };
    const { log } = await clean([
      bytes(`data: {"a":1}\n\ndata: ${JSON.stringify(error)}\n\n`),
      bytes('data: [DONE]\n\n'),
    ]);
    expect(log).toMatchObject({ streamError: error, isDone: true, isCut: false });
    expect((await clean([bytes('event: error\ndata: {"message":"No."}\n\n')])).log.streamError).toEqual({
      message: 'No.',
    });
    expect(await clean([bytes('data: {"a":1}\n\ndata: {"a":')])).toMatchObject({
      out: ['data: {"a":1}\n\n'],
      log: { isCut: true },
    });
    expect((await clean([bytes('data: {"a":1}\n\ndata: {"a":2}')])).out).toEqual([
      'data: {"a":1}\n\n',
      'data: {"a":2}\n\n',
    ]);
  });

  test('makes a stream of an answer that is one JSON value, whatever the server calls it', async () => {
    expect(await clean([bytes('\n{"a":'), bytes('"é"}')])).toMatchObject({
      out: ['data: {"a":"é"}\n\n'],
      log: { isDone: true, isCut: false },
    });
    expect((await clean([bytes('[{"a":1},'), bytes('{"a":2}]')])).out).toEqual(['data: {"a":1}\n\ndata: {"a":2}\n\n']);
    expect((await clean([bytes('{"a":')])).log.isCut).toBe(true);
    expect((await clean([bytes('{"error":{"message":"No."}}')])).log.streamError).toEqual({
      error: { message: 'No.' },
    });
  });

  test('takes a large event in small pieces in time that grows with its size only', async () => {
    const large = `data: ${JSON.stringify({ text: 'x'.repeat(2_000_000) })}\n\n`;
    const whole = bytes(large);
    const pieces = Array.from({ length: Math.ceil(whole.length / 1_000) }, (_, i) =>
      whole.slice(i * 1_000, i * 1_000 + 1_000),
    );
    expect((await clean(pieces)).out.join('')).toBe(large);
  });
});
