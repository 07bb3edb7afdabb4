import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LongText } from '../../src/platform/long-text.ts';

function grown(pieces: readonly string[]): LongText {
  const text = new LongText();
  for (const piece of pieces) text.append(piece);
  return text;
}

/** Long enough that several parts are packed. */
const LONG = Array.from({ length: 20_000 }, (_, i) => `${i} word\n`);

describe('LongText', () => {
  it('gives back what it was given, half a surrogate pair too', () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    const piece = fc.oneof(
      unit,
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a', 'é\n', '日本', '\ud83d', '\ude80'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 2000 }), (some, times) => {
        const pieces = some.map((each) => each.repeat(times));
        const { text, length } = grown(pieces);
        expect(text === pieces.join('')).toBe(true);
        expect(length).toBe(pieces.join('').length);
      }),
      { numRuns: 30 },
    );
  });

  it('gives back a text of many small pieces from any place on', () => {
    const long = grown(LONG);
    const whole = LONG.join('');
    for (const at of [
      0,
      1,
      31_999,
      32_000,
      70_001,
      whole.length - 9000,
      whole.length - 3,
      whole.length,
      whole.length + 5,
    ])
      expect(long.from(at) === whole.slice(at)).toBe(true);
  });

  it('is empty at first', () => {
    const { text, length } = new LongText();
    expect({ text, length }).toEqual({ text: '', length: 0 });
  });
});
