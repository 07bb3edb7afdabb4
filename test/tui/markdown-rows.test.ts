import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNICODE } from '../../src/tui/view/glyphs.ts';
import { highlight } from '../../src/tui/view/highlight.ts';
import { lineText, type Line } from '../../src/tui/view/line.ts';
import { MarkdownRows } from '../../src/tui/view/markdown-rows.ts';
import { renderMarkdown } from '../../src/tui/view/markdown.ts';
import { FINAL } from '../screens/scripted-events.ts';

function grown(chunks: readonly string[], width = 40): Line[] {
  const rows = new MarkdownRows(renderMarkdown, width, UNICODE);
  for (const chunk of chunks) {
    rows.append(chunk);
    // Looking in between must not change what comes out.
    expect(rows.rows(0, rows.rowCount).length).toBe(rows.rowCount);
  }
  return rows.rows(0, rows.rowCount);
}

const text = (lines: Line[]): string[] => lines.map(lineText);

describe('MarkdownRows', () => {
  it('draws a whole document as the renderer does', () => {
    expect(grown([FINAL], 60)).toEqual(renderMarkdown(FINAL, 60, UNICODE));
  });

  it.each([
    'one\n\ntwo\n\nthree',
    '- a\n\n  more of a\n\n- b\n',
    '1. a\n   ```ts\n   x\n\n   y\n   ```\n2. b\n',
    'text\n```\ncode\n\n\ncode\n```\nafter',
    '> quote\n> more\n\n# title\nend',
    '| a | b |\n| - | - |\n| 1 | 2 |\n\nend',
    '**952**',
  ])('draws %j as the renderer does', (source) => {
    expect(grown([source])).toEqual(renderMarkdown(source, 40, UNICODE));
  });

  it('gives the same rows however the text is cut', () => {
    const piece = fc.constantFrom(
      '# t\n',
      '\n',
      '\n\n',
      '- a\n',
      '  b\n',
      '```ts\n',
      '```\n',
      '**x** ',
      'word ',
      '> q\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), fc.array(fc.nat(200), { maxLength: 6 }), (pieces, cuts) => {
        const source = pieces.join('');
        const places = [0, ...cuts.filter((at) => at < source.length).toSorted((a, b) => a - b), source.length];
        const chunks = places.slice(1).map((to, i) => source.slice(places[i], to));
        expect(grown(chunks)).toEqual(grown([source]));
      }),
    );
  });

  it('never draws again what stands before the part that grows', () => {
    const sources: string[] = [];
    const rows = new MarkdownRows(
      (source, width, glyphs) => {
        sources.push(source);
        return renderMarkdown(source, width, glyphs);
      },
      40,
      UNICODE,
    );
    for (let i = 0; i < 50; i++) {
      rows.append(`paragraph ${i}\n\n`);
      rows.rows(0, rows.rowCount);
    }
    expect(Math.max(...sources.map((source) => source.length))).toBeLessThan(60);
  });

  it('keeps long code cheap and shows all of it, under one name', () => {
    const code = Array.from({ length: 200 }, (_, i) => `row ${i}`);
    const rows = text(grown([`\`\`\`ts\n${code.join('\n')}\n\`\`\`\n`]));
    expect(rows).toEqual(['  │ ts', ...code.map((row) => `  │ ${row}`)]);
  });

  it('ends a line that never ends between words', () => {
    const rows = text(grown(['word '.repeat(2000)]));
    expect([rows.join(' ').split(/ +/).filter(Boolean).length, rows.every((row) => row.length <= 40)]).toEqual([
      2000,
      true,
    ]);
  });
});

describe('code', () => {
  const draw = (source: string): Line[] => renderMarkdown(source, 40, UNICODE, highlight);

  it('gets colours that change no character', () => {
    const rows = draw('```ts\nconst a = "x < y"; // why & how\n\nreturn `b`;\n```');
    expect(text(rows)).toEqual(['  │ ts', '  │ const a = "x < y"; // why & how', '  │ ', '  │ return `b`;']);
    expect(new Set(rows[1]?.map((piece) => piece.style)).size).toBeGreaterThan(3);
  });

  it('of an unknown language stands in one colour', () => {
    expect(highlight('x', 'klingon')).toBe(null);
    expect(text(draw('```klingon\nx <b> &amp;\n```'))).toEqual(['  │ klingon', '  │ x <b> &amp;']);
  });

  it.each(['ts', 'py', 'python', 'sh', 'json', 'yaml', 'rs', 'go', 'html', 'sql', 'c++', 'diff'])(
    'knows %s',
    (lang) => {
      expect(highlight('x', lang)).not.toBe(null);
    },
  );

  it('is never changed, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('ts', 'html', 'bash', 'python'), (code, lang) => {
        const rows = highlight(code, lang);
        expect(rows?.map(lineText).join('\n')).toBe(code);
      }),
    );
  });

  it('is broken where the room ends, colours and all', () => {
    const rows = draw(`\`\`\`ts\nconst a = "${'x'.repeat(80)}";\n\`\`\``);
    expect(
      text(rows)
        .slice(1)
        .map((row) => row.slice(4))
        .join(''),
    ).toBe(`const a = "${'x'.repeat(80)}";`);
  });
});
