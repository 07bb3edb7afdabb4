import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clipText, fitText, sliceColumns } from '../../src/tui/text/clip.ts';
import { sanitize } from '../../src/tui/text/sanitize.ts';
import { glyphAt, setWidthModel, textWidth, type WidthModel } from '../../src/tui/text/width.ts';
import { createEmulator } from '../screens/emulator.ts';
import { SCRIPTS } from './corpus.ts';

describe('textWidth', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['한국', 4],
    ['ﾊﾝ', 2],
    ['Ａ', 2],
    ['é', 1],
    ['e\u0301', 1],
    ['🚀', 2],
    ['👩‍💻', 2],
    ['👍🏽', 2],
    ['🇩🇪', 2],
    ['🇩', 1],
    ['❤️', 1],
    ['1️⃣', 1],
    ['─', 1],
    ['\u0301', 1],
    ['', 0],
    ['　', 2],
    ['ᄀ\u1161', 2],
  ])('of %j is %i', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it.each<WidthModel>(['characters', 'clusters'])('never shrinks when text is appended, in %s', (model) => {
    setWidthModel(model);
    const text = fc
      .array(fc.constantFrom(...SCRIPTS, '\u200d', '\ufe0f', '🏽', 'a'), { maxLength: 6 })
      .map((parts) => sanitize(parts.join('')).replaceAll('\n', ''));
    fc.assert(
      fc.property(text, (whole) => {
        for (let at = 0; at < whole.length; at++) {
          if (!whole.slice(0, at).isWellFormed()) continue;
          expect(textWidth(whole.slice(0, at))).toBeLessThanOrEqual(textWidth(whole));
        }
      }),
    );
    setWidthModel('characters');
  });

  it('is what a terminal does with glyphs it calls certain', async () => {
    for (const text of SCRIPTS) {
      for (let i = 0; i < text.length;) {
        const glyph = glyphAt(text, i);
        i += glyph.size;
        if (glyph.isUncertain) continue;
        const terminal = createEmulator(10, 2);
        await new Promise<void>((resolve) => terminal.write(glyph.ch, resolve));
        expect([glyph.ch, terminal.buffer.active.cursorX]).toEqual([glyph.ch, glyph.width]);
      }
    }
  });
});

describe('in a terminal of clusters', () => {
  beforeAll(() => setWidthModel('clusters'));
  afterAll(() => setWidthModel('characters'));

  it.each([
    ['👩‍💻', '👩‍💻', 2],
    ['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦', 2],
    ['👍🏽', '👍🏽', 2],
    ['🏳️‍🌈', '🏳️‍🌈', 2],
    ['🇩🇪', '🇩🇪', 2],
    ['❤️', '❤️', 2],
    ['❤︎', '❤', 1],
    ['⌚︎', '⌚', 2],
    ['1️⃣', '1️⃣', 2],
    ['🚀', '🚀', 2],
    ['e\u0301', 'e\u0301', 1],
    [`😀${'\u200d😀'.repeat(20)}`, '😀', 2],
  ])('%s is sent as %s and takes %i', (text, ch, width) => {
    const glyph = glyphAt(text, 0);
    expect([glyph.ch, glyph.width, glyph.size]).toEqual([ch, width, text.length]);
  });
});

describe('clipping', () => {
  it('marks every cut and keeps what fits', () => {
    expect([
      clipText('abcdef', 6),
      clipText('abcdef', 5),
      clipText('日本語', 5),
      clipText('ab', 1),
      clipText('ab', 0),
    ]).toEqual(['abcdef', 'abcd…', '日本…', '…', '']);
  });

  it('never takes more columns than it has', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SCRIPTS), fc.constantFrom(...SCRIPTS), fc.nat(20), (a, b, width) => {
        expect(textWidth(clipText(a + b, width))).toBeLessThanOrEqual(width);
        expect(textWidth(sliceColumns(a + b, width))).toBeLessThanOrEqual(width);
        expect(textWidth(fitText(a + b, width))).toBe(width);
      }),
    );
  });
});
