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

  it('gives the rows that it keeps as if it had let none go', () => {
    const source = Array.from({ length: 600 }, (_, i) => (i % 7 === 0 ? `- item ${i}\n` : `\nparagraph ${i}\n`)).join(
      '',
    );
    const whole = grown([source]);
    const rows = new MarkdownRows(renderMarkdown, 40, UNICODE);
    for (const line of source.split(/(?<=\n)/)) {
      rows.append(line);
      rows.letGo(rows.rowCount - 50);
    }
    expect(rows.firstRow).toBeGreaterThan(400);
    expect([rows.rowCount, rows.rows(rows.firstRow, rows.rowCount)]).toEqual([
      whole.length,
      whole.slice(rows.firstRow),
    ]);
  });

  it('gives the same rows however long paragraphs and lists are cut', () => {
    const piece = fc.constantFrom(
      'the words of a long answer that fills a row. ',
      '**bold one** and `some code`, ',
      'open **bold ',
      'a `tick ',
      'www.example.com [link](http://x.y) ',
      '日本語 words ',
      `${'x'.repeat(70)} `,
      ' \\* <b> ~~gone~~ ',
      'end of a line\n',
      '\n',
      '- item of a list\n',
      '---\n',
      '```ts\n',
      '| a | b |\n',
      ' indented ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), fc.array(fc.nat(3000), { maxLength: 8 }), (pieces, cuts) => {
        const source = pieces.join('');
        const places = [0, ...cuts.filter((at) => at < source.length).toSorted((a, b) => a - b), source.length];
        const chunks = places.slice(1).map((to, i) => source.slice(places[i], to));
        expect(grown(chunks)).toEqual(grown([source]));
        expect(grown(source.split(/(?<= )/))).toEqual(grown([source]));
      }),
      { numRuns: 60 },
    );
  });

  it('draws long paragraphs and lists of settled text as the renderer does', () => {
    const word = fc.constantFrom(
      'a',
      'word',
      'longer-word',
      '**bold one**',
      '`code it`',
      '日本語',
      'end.',
      '(in)',
      '42',
    );
    const sentence = fc.array(word, { minLength: 1, maxLength: 200 }).map((words) => `So ${words.join(' ')}`);
    const source = fc.oneof(
      sentence,
      fc.array(sentence, { maxLength: 12 }).map((lines) => lines.join('\n')),
      fc.array(sentence, { maxLength: 12 }).map((lines) => lines.join('\n\n ')),
      fc.array(sentence, { maxLength: 30 }).map((lines) => lines.map((line) => `- ${line}`).join('\n')),
    );
    fc.assert(
      fc.property(source, fc.integer({ min: 12, max: 90 }), (whole, width) => {
        const chunks = whole.split(/(?<= )/);
        const seen = (lines: Line[]): string[] =>
          lines.map((line) => line.map((p) => `${p.style}:${p.text}`).join('|'));
        expect(seen(grown(chunks, width))).toEqual(seen(renderMarkdown(whole, width, UNICODE)));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['one paragraph without an end', 'some words of it '],
    ['paragraphs that begin with a blank', 'some words of it.\n\n '],
    ['lines of one paragraph', 'Some words of a line\n'],
    ['items of one list', '- some words of an item\n'],
    ['code in one line', '```\n' + 'x '.repeat(40)],
  ])('draws little of %s again', (_, piece) => {
    let longest = 0;
    const rows = new MarkdownRows(
      (source, width, glyphs) => {
        longest = Math.max(longest, source.length);
        return renderMarkdown(source, width, glyphs);
      },
      40,
      UNICODE,
    );
    for (let i = 0; i < 600; i++) {
      rows.append(piece);
      rows.rows(0, rows.rowCount);
    }
    expect(longest).toBeLessThan(piece.startsWith('`') ? 9000 : 800);
  });

  it('draws a rule below a long paragraph as a rule, not as its underline', () => {
    const rows = text(grown([`${'word '.repeat(100)}\n---\nafter`]));
    expect(rows.slice(-4)).toEqual(['', '─'.repeat(40), '', 'after']);
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
        .map((row) => row.slice(4).replace(/↵$/, ''))
        .join(''),
    ).toBe(`const a = "${'x'.repeat(80)}";`);
  });
});
