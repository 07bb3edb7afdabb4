import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitize, sanitizeLine, Sanitizer } from '../../src/tui/text/sanitize.ts';
import { INJECTIONS, SCRIPTS } from './corpus.ts';

const FORBIDDEN = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;

function inChunks(chunks: readonly string[]): string {
  const door = new Sanitizer();
  return chunks.map((chunk) => door.push(chunk)).join('') + door.end();
}

describe('sanitize', () => {
  it.each(INJECTIONS)('shows what may be seen of: %s', (_name, input, seen) => {
    expect(sanitize(input)).toBe(seen);
  });

  it.each(INJECTIONS)('does not depend on where the stream is cut: %s', (_name, input, seen) => {
    for (let at = 0; at <= input.length; at++) {
      expect(inChunks([input.slice(0, at), input.slice(at)])).toBe(seen);
    }
    expect(inChunks(input.split(''))).toBe(seen);
  });

  it('lets no control through, whatever comes and however it is cut', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\x1b', '\x1b[', '\x1b]', '\x1bP', '\x07', '\x9b', '\x9d', '\r', '\n', '\u202e', '\u200d', '👨'),
      fc.constantFrom(...SCRIPTS),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (chunks) => {
        const out = inChunks(chunks);
        expect(FORBIDDEN.test(out)).toBe(false);
        expect(out.isWellFormed()).toBe(true);
      }),
    );
  });

  it('gives the same for a stream as for the whole text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(40), { maxLength: 5 }), (text, cuts) => {
        const at = cuts.map((cut) => Math.min(cut, text.length)).toSorted((a, b) => a - b);
        const chunks = [0, ...at].map((from, i) => text.slice(from, at[i] ?? text.length));
        expect(inChunks(chunks)).toBe(sanitize(text));
      }),
    );
  });

  it('puts a pair together that two slices of one text share, however often', () => {
    // Long enough that the engine makes real slices of it.
    const text = `${'x'.repeat(39)}🚀${'y'.repeat(39)}`;
    for (let run = 0; run < 200; run++) {
      expect(inChunks([text.slice(0, 40), text.slice(40)])).toBe(text);
    }
  });

  it('is done with clean text: a second time changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(sanitize(sanitize(text))).toBe(sanitize(text));
      }),
    );
  });

  it('goes on with the text when a sequence does not end', () => {
    expect(sanitize(`\x1b]0;${'x'.repeat(2000)}`)).toMatch(/^x{900,}$/);
  });

  it('puts names on one line', () => {
    expect(sanitizeLine('  a\n\tb\x1b[2J  c ')).toBe('a b c');
  });
});
