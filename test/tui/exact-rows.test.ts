import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reveal } from '../../src/tui/text/reveal.ts';
import { textWidth } from '../../src/tui/text/width.ts';
import { exactRows } from '../../src/tui/view/exact-rows.ts';
import { lineText } from '../../src/tui/view/line.ts';

const HOSTILE = [
  '\x1b[2J',
  '\x9b31m',
  '\u202e',
  '\u200b',
  '\u00a0',
  '\u0301',
  '\u{e0041}',
  '日',
  '🚀',
  'а',
  '\t',
  '\r',
];
const text = fc.string({
  unit: fc.oneof(fc.constantFrom(...HOSTILE, ' ', '\n'), fc.string({ minLength: 1, maxLength: 1 })),
});

describe('rows that show a text word for word', () => {
  it('hold every character in its order, and none of them is wider than the room', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 60 }), (source, width) => {
        const rows = exactRows(source, width, 0, 1).map(lineText);
        const shown = reveal(source).map((pieces) => pieces.map((piece) => piece.text).join(''));
        expect(rows.join('')).toBe(shown.join(''));
        expect(Math.max(0, ...rows.map(textWidth))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('let nothing through that a terminal would obey, hide or reorder', () => {
    fc.assert(
      fc.property(text, (source) => {
        const shown = exactRows(source, 40, 0, 1).map(lineText).join('\n');
        expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u);
      }),
    );
  });

  it('tell texts apart that look alike when what is hidden is left out', () => {
    const seen = new Set(
      ['rm x', 'rm\u00a0x', 'rm \u200bx', 'rm \u202ex', 'rm\tx', 'rm x\r'].map((each) =>
        exactRows(each, 40, 0, 1).map(lineText).join('\n'),
      ),
    );
    expect(seen.size).toBe(6);
  });

  it('break a long plain line at the width, blanks and all', () => {
    expect(exactRows(`ab${' '.repeat(9)}c`, 5, 0, 1).map(lineText)).toEqual(['ab   ', '     ', ' c']);
  });
});
