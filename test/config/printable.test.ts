import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/config/printable.ts';

describe('printable text', () => {
  it.each([
    ['plain', 'plain'],
    ['Grüße 東京', 'Grüße 東京'],
    ['a\nb\tc', String.raw`a\nb\tc`],
    ['\u001b[31mred', String.raw`\u{1b}[31mred`],
    ['a\u202Eb\u2066', String.raw`a\u{202e}b\u{2066}`],
    ['\u009b2J', String.raw`\u{9b}2J`],
    ['\uD800', String.raw`\u{d800}`],
  ])('%j is written %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('is cut by characters', () => {
    expect(printable('😀😀😀', 2)).toBe('😀😀…');
    expect(printable('abc', 3)).toBe('abc');
  });

  it('never holds anything that a terminal would act on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text, 1000)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
