import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSseParser, type SseEvent } from '../../../src/providers/wire/sse-parser.ts';

function parse(pieces: string[], isWhole = false): SseEvent[] {
  const parser = createSseParser();
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end(() => isWhole)];
}

describe('createSseParser', () => {
  test('reads names, data, comments and fields it does not need', () => {
    const text = ': hello\n\nevent: a\nid: 1\nretry: 5\ndata: {"x":1}\n\ndata:two\ndata: lines\n\n\n\nevent: empty\n\n';
    expect(parse([text])).toEqual([
      { event: 'a', data: '{"x":1}' },
      { event: null, data: 'two\nlines' },
    ]);
  });

  test('gives the same events however the text is cut and its lines end', () => {
    const event = fc.record({
      event: fc.option(fc.stringMatching(/^[a-z.]{1,8}$/)),
      data: fc.array(fc.stringMatching(/^[^\r\n]{1,12}$/), { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 5 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(7), { minLength: 1 }),
        (events, eol, sizes) => {
          const lines = events.flatMap((e) => [
            ': comment',
            ...(e.event === null ? [] : [`event: ${e.event}`]),
            ...e.data.map((line) => `data: ${line}`),
            '',
          ]);
          const text = lines.map((line) => line + eol).join('');
          const pieces: string[] = [];
          for (let at = 0, i = 0; at < text.length; i += 1) {
            const size = 1 + (sizes[i % sizes.length] ?? 0);
            pieces.push(text.slice(at, at + size));
            at += size;
          }
          expect(parse(pieces)).toEqual(events.map((e) => ({ event: e.event, data: e.data.join('\n') })));
        },
      ),
    );
  });

  test('keeps a last event without its blank line only if its data is whole', () => {
    expect(parse(['data: {"x":1}'], true)).toEqual([{ event: null, data: '{"x":1}' }]);
    expect(parse(['data: {"x":'], false)).toEqual([]);
  });

  test('is linear in the size of one event that comes in tiny pieces', () => {
    const pieces = Array.from({ length: 200_000 }, () => 'xxxxxxxx');
    expect(parse(['data: ', ...pieces, '\n\n'])[0]?.data).toHaveLength(1_600_000);
  });
});
