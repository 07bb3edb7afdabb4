import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shorten } from '../../src/coordination/shorten.ts';

describe('a long text', () => {
  it('keeps its beginning, its end and the headings between', () => {
    const text = ['# One', 'a'.repeat(40), '## Two', 'b'.repeat(200), '## Three', 'c'.repeat(20)].join('\n');
    expect(shorten(text, 100, 'Ask for it.')).toBe(
      [
        '# One',
        'a'.repeat(40),
        '## Two',
        '[… 211 of 284 characters left out. Ask for it. …]',
        'In that part:',
        '## Three',
        'cccc'.repeat(5),
      ].join('\n'),
    );
  });

  it('stays as it is where it fits, or may be as long as it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect([shorten(text, text.length, ''), shorten(text, null, '')]).toEqual([text, text]);
      }),
    );
  });

  it('begins and ends as it did, says truly how much is missing, and hardly exceeds its limit', () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.string({ maxLength: 200 }).map((s) => `## ${s}`),
    );
    const texts = fc.array(line, { minLength: 1, maxLength: 60 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(texts, fc.integer({ min: 100, max: 2000 }), (text, limit) => {
        const short = shorten(text, limit, 'W.');
        if (text.length <= limit) return;
        const [note = '', missing = ''] = /\[… (\d+) of \d+ characters left out\. W\. …\]/.exec(short) ?? [];
        const head = short.slice(0, short.indexOf(`\n${note}`));
        expect(text.startsWith(head)).toBe(true);
        const tailLength = text.length - head.length - Number(missing);
        expect(short.endsWith(text.slice(text.length - tailLength))).toBe(true);
        expect(short.length).toBeLessThanOrEqual(limit + note.length + 20);
        expect(short.isWellFormed()).toBe(text.isWellFormed());
      }),
    );
  });
});
