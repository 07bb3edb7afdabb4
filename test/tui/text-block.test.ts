import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextBlock } from '../../src/tui/store/text-block.ts';

it('counts the lines of a text however it comes in pieces, blank ones at its ends left out', () => {
  const piece = fc.constantFrom('a', 'b c', '\n', '\n\n', ' ', ' \n x', 'y\n', '');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const block = new TextBlock('reasoning', 1, 1);
      for (const each of pieces) block.append(each);
      expect(block.lineCount).toBe(pieces.join('').trim().split('\n').length);
    }),
  );
});

it('is new to its readers when its text was replaced', () => {
  const block = new TextBlock('text', 1, 1, 'old\nlines');
  block.replace('new');
  const { text, length, lineCount, replaced, version } = block;
  expect({ text, length, lineCount, replaced, version }).toEqual({
    text: 'new',
    length: 3,
    lineCount: 1,
    replaced: 1,
    version: 2,
  });
});
