import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNICODE } from '../../src/tui/view/glyphs.ts';
import { lineText, lineWidth } from '../../src/tui/view/line.ts';
import { renderMarkdown } from '../../src/tui/view/markdown.ts';
import { readStyle } from '../../src/tui/theme/style.ts';
import { INJECTIONS, SCRIPTS } from './corpus.ts';

const rows = (source: string, width = 40): string[] =>
  renderMarkdown(source, width, UNICODE).map((line) => lineText(line).trimEnd());

describe('renderMarkdown', () => {
  it('draws a paragraph that needs no lexer as the lexer would have it', () => {
    const piece = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom('word', 'longer', ' ', ' and', ', ', '. ', ': ', '! ', ' (', ') ', '日本', 'é'),
      },
      { weight: 3, arbitrary: fc.constantFrom('`code()`', '`two words`', '**bold**', '**two words**', '  ', '2', '-') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('*', '_', '`', '**', 'www.a.bc', 'WWW.a.bc', 'a@b.c', '=', '|', '~', 'http'),
      },
      { weight: 1, arbitrary: fc.string({ maxLength: 3 }) },
    );
    const line = fc.array(piece, { maxLength: 30 }).map((pieces) => `a${pieces.join('')}`.replaceAll(/[\n\r]/g, ''));
    fc.assert(
      fc.property(line, fc.integer({ min: 8, max: 60 }), (source, width) => {
        // With an end of line the lexer reads it.
        expect(renderMarkdown(source, width, UNICODE)).toEqual(renderMarkdown(`${source}\n`, width, UNICODE));
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, string, string[]]>([
    ['headings and paragraphs', '# One\ntext\n\nmore', ['One', '', 'text', '', 'more']],
    ['wrapped paragraphs', `${'word '.repeat(10)}`, ['word word word word word word word word', 'word word']],
    ['bullets', '- a\n- b\n  - c\n', ['• a', '• b', '  • c']],
    ['numbers that start elsewhere', '3. a\n4. b', ['3. a', '4. b']],
    ['tasks', '- [x] done\n- [ ] open', ['[x] done', '[ ] open']],
    ['code with its language', '```ts\nlet a = 1;\n```', ['  │ ts', '  │ let a = 1;']],
    [
      'long code is broken with a sign, not cut',
      `\`\`\`\n${'x'.repeat(50)}\n\`\`\``,
      [`  │ ${'x'.repeat(35)}↵`, `  │ ${'x'.repeat(15)}`],
    ],
    ['links with their address', '[a](https://b.c) and https://d.e', ['a (https://b.c) and https://d.e']],
    ['quotes', '> one\n> two', ['│ one', '│ two']],
    ['code that just fits', `\`\`\`\n${'x'.repeat(36)}\n\`\`\``, [`  │ ${'x'.repeat(36)}`]],
    [
      'columns of tables as they are aligned',
      '| a | bbbb | ccc |\n|---|---:|:-:|\n| 1 | 2 | 3 |\n| 12 | 333 | 4 |',
      ['a  │ bbbb │ ccc', '───────────────', '1  │    2 │  3', '12 │  333 │  4'],
    ],
    ['tables', '| a | bb |\n|---|---|\n| 1 | 2 |', ['a │ bb', '──────', '1 │ 2']],
    ['html as text', '<b>x</b> <script>y</script>', ['<b>x</b> <script>y</script>']],
    ['entities', 'a &lt;b&gt; &amp; c', ['a <b> & c']],
    ['blessed tags as text', '{bold}x{/bold}', ['{bold}x{/bold}']],
    ['glued styles', '**bold**, *it*.', ['bold, it.']],
    ['images', '![alt](x.png)', ['[image: alt] (x.png)']],
    ['nothing', '', []],
  ])('shows %s', (_name, source, expected) => {
    expect(rows(source)).toEqual(expected);
  });

  it('marks what is strong, emphasized and code', () => {
    const line = renderMarkdown('**a** *b* `c`', 40, UNICODE)[0] ?? [];
    expect(
      line.filter((piece) => piece.text !== ' ').map((piece) => ({ text: piece.text, ...readStyle(piece.style) })),
    ).toEqual([
      { text: 'a', token: 'fg', ground: 'bg', attrs: 1 },
      { text: 'b', token: 'fg', ground: 'bg', attrs: 2 },
      { text: 'c', token: 'code', ground: 'bg', attrs: 0 },
    ]);
  });

  it.each(INJECTIONS)('lets no control through: %s', (_name, input) => {
    for (const source of [input, `# ${input}`, `- ${input}`, `\`\`\`\n${input}\n\`\`\``, `[x](${input})`]) {
      expect(/[\x00-\x1f\x7f-\x9f\u202a-\u202e]/.test(rows(source).join(''))).toBe(false);
    }
  });

  it('fits every row and never throws', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...SCRIPTS,
        '# ',
        '- ',
        '1. ',
        '> ',
        '```',
        '`',
        '**',
        '_',
        '|',
        '\n',
        '\n\n',
        '[a](b)',
        '---',
        '    ',
        '&amp;',
        '<x>',
      ),
      fc.string({ maxLength: 10 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), fc.integer({ min: 20, max: 60 }), (parts, width) => {
        for (const line of renderMarkdown(parts.join(''), width, UNICODE)) {
          expect(lineWidth(line)).toBeLessThanOrEqual(width);
          expect(lineText(line)).not.toContain('\n');
        }
      }),
    );
  });
});
