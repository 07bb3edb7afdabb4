import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitize } from '../../src/tui/text/sanitize.ts';
import { textWidth } from '../../src/tui/text/width.ts';
import { WrappedText, wrapText } from '../../src/tui/text/wrap.ts';
import { SCRIPTS } from './corpus.ts';

const text = fc
  .array(
    fc.oneof(fc.constantFrom(...SCRIPTS, '\n', ' ', '\t', 'word ', '\u200d', '\u0301'), fc.string({ maxLength: 12 })),
    { maxLength: 20 },
  )
  .map((parts) => sanitize(parts.join('')));

describe('wrapText', () => {
  it('breaks at spaces and drops them there', () => {
    expect(wrapText('the quick brown fox', 10)).toEqual(['the quick', 'brown fox']);
  });
  it('breaks a word that is longer than a row', () => {
    expect(wrapText('abcdefghij xy', 4)).toEqual(['abcd', 'efgh', 'ij', 'xy']);
  });
  it('keeps the indent of a line and blank lines', () => {
    expect(wrapText('  two\n\n  three four', 8)).toEqual(['  two', '', '  three', 'four']);
  });
  it('does not cut a wide character in half', () => {
    expect(wrapText('日本語', 5)).toEqual(['日本', '語']);
  });
  it('has one row for no text', () => {
    expect(wrapText('', 5)).toEqual(['']);
  });

  it('drops spaces behind a wide blank', () => {
    expect(wrapText('\u3000\t', 2)).toEqual(['\u3000']);
  });

  it('fits every row', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (whole, width) => {
        for (const row of wrapText(whole, width)) expect(textWidth(row)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('loses nothing but spaces', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (whole, width) => {
        const bare = (s: string): string => s.replace(/[\s]/g, '');
        expect(bare(wrapText(whole, width).join(''))).toBe(bare(whole));
      }),
    );
  });
});

describe('WrappedText', () => {
  it('gives the same rows in any pieces as in one', () => {
    fc.assert(
      fc.property(
        text,
        fc.array(fc.nat(60), { maxLength: 8 }),
        fc.integer({ min: 1, max: 25 }),
        (whole, cuts, width) => {
          const at = cuts
            .map((cut) => Math.min(cut, whole.length))
            .filter((cut) => whole.slice(0, cut).isWellFormed())
            .toSorted((a, b) => a - b);
          const grown = new WrappedText(width);
          for (const [i, from] of [0, ...at].entries()) grown.append(whole.slice(from, at[i] ?? whole.length));
          expect(grown.rows()).toEqual(wrapText(whole, width));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never changes a row before the last one', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 2, max: 25 }), (before, more, width) => {
        const grown = new WrappedText(width);
        grown.append(before);
        const rows = grown.rows().slice(0, -1);
        grown.append(more);
        expect(grown.rows().slice(0, rows.length)).toEqual(rows);
      }),
    );
  });
});
