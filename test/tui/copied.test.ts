import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockList } from '../../src/tui/store/blocks.ts';
import { sanitize } from '../../src/tui/text/sanitize.ts';
import { style } from '../../src/tui/theme/style.ts';
import { copiedText } from '../../src/tui/view/copied.ts';
import { PaneFlow } from '../../src/tui/view/flow.ts';
import { ASCII, UNICODE } from '../../src/tui/view/glyphs.ts';
import { highlight } from '../../src/tui/view/highlight.ts';
import { renderMarkdown } from '../../src/tui/view/markdown.ts';
import { wrappedLines } from '../../src/tui/view/wrapped-lines.ts';
import { SCRIPTS } from './corpus.ts';

/** So wide that nothing is ever wrapped or cut. */
const WIDE = 20_000;

const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'word', 'of', 'longer-words', 'sentence.', 'x'.repeat(45), '  ') },
  { weight: 2, arbitrary: fc.constantFrom('`code span`', '**bold words**', '*it*', '&nbsp;', '[a](https://b.c)') },
  { weight: 1, arbitrary: fc.constantFrom(...SCRIPTS) },
);
const words = fc.array(word, { minLength: 1, maxLength: 25 }).map((all) => all.join(' '));
const part = fc.oneof(
  { weight: 4, arbitrary: words },
  words.map((text) => `## ${text}`),
  words.map((text) => `- ${text}\n- [x] ${text}\n  - ${text}\n\n    ${text}`),
  words.map((text) => `2. ${text}\n3. ${text}`),
  words.map((text) => `> ${text}\n> - ${text}`),
  words.map((text) => `\`\`\`ts\n  const a = '${text}';\n\n\treturn a;\n\`\`\``),
  words.map((text) => `| a | b |\n|---|--:|\n| ${text} | 1 |`),
  fc.constant('---'),
);
const markdown = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => sanitize(parts.join('\n\n')));
const width = fc.integer({ min: 12, max: 120 });

/** All of an agent's pane at that width. */
function paneText(width: number, fill: (list: BlockList) => void): string {
  const list = new BlockList();
  fill(list);
  const flow = new PaneFlow(list, {
    width,
    showReasoning: true,
    showTools: true,
    showKey: 'r',
    glyphs: UNICODE,
    agent: 'agent.1',
    render: renderMarkdown,
  });
  return copiedText(flow.slice(0, flow.rowCount));
}

describe('rows that are copied', () => {
  it.each<[string, string, string]>([
    ['a paragraph on one line', `${'word '.repeat(20)}end`, `${'word '.repeat(20)}end`],
    ['the lines that the source has', 'one\ntwo', 'one\ntwo'],
    ['items without the indent of their rows', `- ${'word '.repeat(9)}end\n- b`, `- ${'word '.repeat(9)}end\n- b`],
    ['boxes of tasks', '- [x] done\n- [ ] open', '- [x] done\n- [ ] open'],
    ['quotes with their marks', `> ${'word '.repeat(9)}end`, `> ${'word '.repeat(9)}end`],
    ['code alone, line for line', `\`\`\`ts\nlet a;\n  ${'x'.repeat(60)};\n\`\`\``, `let a;\n  ${'x'.repeat(60)};`],
    [
      'tables with all of their cells',
      `| a | b |\n|---|--:|\n| ${'long '.repeat(9)}end | 1 |`,
      `| a | b |\n| --- | --: |\n| ${'long '.repeat(9)}end | 1 |`,
    ],
    ['rules', 'a\n\n---\n\nb', 'a\n\n---\n\nb'],
  ])('have %s', (_what, source, expected) => {
    expect(copiedText(renderMarkdown(source, 24, UNICODE))).toBe(expected);
  });

  it('begin where the selection does', () => {
    const rows = renderMarkdown('- one two three four five six', 12, UNICODE);
    expect(copiedText(rows.slice(1))).toBe('three four five six');
  });

  it('of Markdown are the same text at any width', () => {
    fc.assert(
      fc.property(markdown, width, fc.constantFrom(UNICODE, ASCII), (source, cols, glyphs) => {
        const at = (columns: number): string => copiedText(renderMarkdown(source, columns, glyphs, highlight));
        expect(at(cols)).toBe(at(WIDE));
      }),
      { numRuns: 500 },
    );
  });

  it('of plain text are the text', () => {
    const line = fc.array(fc.oneof(word, fc.constantFrom(' ', '\n', '  x'))).map((all) => sanitize(all.join(' ')));
    fc.assert(
      fc.property(line, width, (text, cols) => {
        const trimmed = text.replace(/[^\S\n]+$/gm, '').replace(/^\n+|\n+$/g, '');
        expect(copiedText(wrappedLines(text, cols, style('fg')))).toBe(trimmed);
      }),
    );
  });

  it('of a pane are the same text at any width, however it came', () => {
    fc.assert(
      fc.property(markdown, words, width, fc.integer({ min: 1, max: 300 }), (source, told, cols, size) => {
        const fill = (list: BlockList): void => {
          list.notice('dim', 'writing a first answer');
          list.stream('reasoning', '1', told);
          for (let at = 0; at < source.length; at += size) list.stream('text', '1', source.slice(at, at + size));
          list.tool('c', 'bash', told, told);
          list.toolFinished('c', told, false, 1200);
          list.answer(source);
          list.notice('warn', told);
        };
        expect(paneText(cols, fill)).toBe(paneText(WIDE, fill));
      }),
      { numRuns: 200 },
    );
  });

  it('of a thought that begins with a blank as wide as its row keep the blank', () => {
    const fill = (list: BlockList): void => {
      list.notice('dim', 'writing');
      list.stream('reasoning', '1', '\u3000 [a](https://b.c)');
    };
    expect(paneText(12, fill)).toBe(paneText(WIDE, fill));
  });

  it('of a line that was drawn in parts have one blank between them, as it is shown', () => {
    const word = 'x'.repeat(45);
    const long = `sentence. a ${word} a ${word} **bold words**    ${word} longer-words longer-words word`;
    const fill = (list: BlockList): void => {
      for (const each of long) list.stream('text', '1', each);
    };
    expect(paneText(71, fill)).toBe(paneText(WIDE, fill));
  });

  it('of a line of code that is too long for one part have no break in it', () => {
    const code = `${'x'.repeat(3000)} = ${'y'.repeat(3000)};`;
    expect(paneText(80, (list) => list.text('text', `\`\`\`js\n${code}\nend\n\`\`\``))).toBe(`${code}\nend`);
  });
});
