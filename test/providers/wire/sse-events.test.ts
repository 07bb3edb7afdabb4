import { expect, test } from 'vitest';
import type { SseEvent } from '../../../src/providers/wire/sse-parser.ts';
import { sseEvents } from '../../../src/providers/wire/sse-events.ts';

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

test('gives the events of clean pieces, with their names where they have one', async () => {
  const body = pieces('event: a\ndata: {"x":"é\\n"}\n\ndata: 2\n\n', 'event: b\ndata: \n\n');
  const events: SseEvent[] = [];
  for await (const piece of sseEvents(body)) events.push(...piece);
  expect(events).toEqual([
    { event: 'a', data: '{"x":"é\\n"}' },
    { event: null, data: '2' },
    { event: 'b', data: '' },
  ]);
});

test('lets the body go when nobody reads on', async () => {
  let isReleased = false;
  const body = (async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* pieces('data: 1\n\n', 'data: 2\n\n');
    } finally {
      isReleased = true;
    }
  })();
  for await (const _piece of sseEvents(body)) break;
  expect(isReleased).toBe(true);
});

test('ends at the end mark, wherever it stands in a piece, and lets the body go', async () => {
  for (const texts of [
    ['data: 1\n\ndata: [DONE]\n\ndata: 2\n\n'],
    ['data: 1\n\n', 'data: [DONE]\n\n', 'data: 2\n\n'],
  ]) {
    let isReleased = false;
    const body = (async function* (): AsyncGenerator<Uint8Array> {
      try {
        yield* pieces(...texts);
      } finally {
        isReleased = true;
      }
    })();
    const data: string[] = [];
    for await (const piece of sseEvents(body)) data.push(...piece.map((event) => event.data));
    expect({ data, isReleased }).toEqual({ data: ['1'], isReleased: true });
  }
});
