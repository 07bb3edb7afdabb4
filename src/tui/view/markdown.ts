import { marked, type Token, type Tokens } from 'marked';
import { sanitize } from '../text/sanitize.ts';
import { sliceColumns } from '../text/clip.ts';
import { textWidth } from '../text/width.ts';
import { style, withAttr, type StyleId } from '../theme/style.ts';
import type { Glyphs } from './glyphs.ts';
import { continued, copiedAs, mark } from './copied.ts';
import { clipLine, lineWidth, span, type Line, type Span } from './line.ts';
import type { Highlighter } from './highlight.ts';
import { settledPieces } from './settled.ts';
import { tableLines } from './markdown-table.ts';

const FG = style('fg');
const DIM = style('dim');
const CODE = style('code');
const LINK = style('link', ['underline']);

/**
 * Markdown as styled rows of at most `width` columns. Takes any text; never throws: what is no Markdown stands as
 * it is. HTML is shown as text, a link shows where it leads.
 */
export function renderMarkdown(
  source: string,
  width: number,
  glyphs: Glyphs,
  highlight: Highlighter | null = null,
): Line[] {
  const context = { width: Math.max(8, width), glyphs, highlight };
  const clean = sanitize(source).replaceAll('\t', '    ');
  const plain = plainParagraph(clean);
  const lines = plain ? wrapSpans(plain, context.width) : blocks(marked.lexer(clean), context);
  while (lines.length > 0 && lineWidth(lines.at(-1) ?? []) === 0) lines.pop();
  return lines;
}

/**
 * A paragraph on one line of nothing but words, code and bold text, in its styles; null for anything else. Most of what
 * models write is that, and the lexer takes several times as long for it.
 */
function plainParagraph(source: string): Line | null {
  // What begins like an address becomes a link.
  if (!/^\p{L}[^\n]*$/u.test(source) || /www\./i.test(source)) return null;
  const pieces = settledPieces(source);
  if (pieces.at(-1)?.to !== source.length) return null;
  return pieces.map(({ kind, from, to }) => {
    if (kind === 'code') return span(source.slice(from + 1, to - 1), CODE);
    if (kind === 'bold') return span(source.slice(from + 2, to - 2), withAttr(FG, 'bold'));
    return span(source.slice(from, to), FG);
  });
}

interface Context {
  width: number;
  glyphs: Glyphs;
  /** Null where code stands in one colour. */
  highlight: Highlighter | null;
}

function blocks(tokens: readonly Token[], context: Context, isTight = false): Line[] {
  const lines: Line[] = [];
  for (const token of tokens) {
    if (token.type === 'space') continue;
    const made = block(token, context);
    if (made.length === 0) continue;
    if (lines.length > 0 && !(isTight && (token.type === 'text' || token.type === 'list'))) lines.push([]);
    lines.push(...made);
  }
  return lines;
}

function block(token: Token, context: Context): Line[] {
  const { width, glyphs } = context;
  switch (token.type) {
    case 'heading': {
      const { depth, tokens } = token as Tokens.Heading;
      const id = style('heading', depth === 1 ? ['bold', 'underline'] : ['bold']);
      return wrapSpans(inline(tokens, id), width);
    }
    case 'paragraph':
    case 'text': {
      const { tokens, text } = token as Tokens.Text;
      return wrapSpans(tokens ? inline(tokens, FG) : [span(decode(text), FG)], width);
    }
    case 'code':
      return codeLines((token as Tokens.Code).text, (token as Tokens.Code).lang ?? '', context);
    case 'list':
      return listLines(token as Tokens.List, context);
    case 'blockquote':
      return prefixed(
        blocks((token as Tokens.Blockquote).tokens, { ...context, width: width - 2 }),
        mark(`${glyphs.bar} `, style('border'), '> '),
      );
    case 'table': {
      const table = token as Tokens.Table;
      const cells = (row: Tokens.TableCell[], id: StyleId): Line[] => row.map((cell) => inline(cell.tokens, id));
      return tableLines(
        cells(table.header, style('fg', ['bold'])),
        table.rows.map((row) => cells(row, FG)),
        width,
        glyphs,
        table.align,
      );
    }
    case 'hr':
      return [[mark(glyphs.rule.repeat(width), style('border'), '---')]];
    case 'def':
      return [];
    default:
      return wrapSpans([span(token.raw.trimEnd(), FG)], width);
  }
}

function codeLines(text: string, info: string, { width, glyphs, highlight }: Context): Line[] {
  const bar = mark(`  ${glyphs.bar} `, style('border'));
  const room = width - 4;
  const [lang = '', more] = info.split(' ');
  // Long code comes in parts; only the first one has the name over it. It is no part of the code that is copied.
  const lines: Line[] =
    lang === '' || more === 'continued'
      ? []
      : [continued(copiedAs([bar, ...clipLine([span(lang, DIM)], room, glyphs.cut)], ''), '')];
  const rows = highlight?.(text, lang) ?? text.split('\n').map((row): Line => [span(row, CODE)]);
  for (const row of rows) for (const line of brokenAt(row, room, glyphs.goesOn)) lines.push([bar, ...line]);
  return lines;
}

/**
 * Code is broken where the room ends: a cut would hide it, a word wrap would change it. The sign at the end of a row says
 * that it goes on, and is no part of the code.
 */
function brokenAt(row: Line, width: number, sign: string): Line[] {
  const isBroken = lineWidth(row) > width;
  const room = isBroken ? width - textWidth(sign) : width;
  const lines: Line[] = [[]];
  let used = 0;
  for (const piece of row) {
    for (let rest = piece.text; rest !== '';) {
      const head = sliceColumns(rest, room - used);
      if (head === '' && used === 0) break;
      if (head !== '') lines.at(-1)?.push(span(head, piece.style));
      used += textWidth(head);
      rest = rest.slice(head.length);
      if (rest === '') break;
      lines.at(-1)?.push(mark(sign, DIM));
      lines.push([]);
      used = 0;
    }
  }
  return lines.map((line, i) => (i === 0 ? line : continued(line, '')));
}

function listLines(list: Tokens.List, context: Context): Line[] {
  const lines: Line[] = [];
  const start = Number(list.start) || 1;
  for (const [i, item] of list.items.entries()) {
    const number = `${start + i}. `;
    const box = item.checked ? '[x] ' : '[ ] ';
    const sign = item.task ? box : list.ordered ? number : `${context.glyphs.bullet} `;
    const written = list.ordered ? number : '- ';
    const size = textWidth(sign);
    const inner = blocks(
      item.tokens.filter((token) => token.type !== 'checkbox'),
      { ...context, width: Math.max(8, context.width - size) },
      !list.loose,
    );
    if (list.loose && i > 0) lines.push([]);
    for (const [row, line] of (inner.length > 0 ? inner : [[]]).entries()) {
      lines.push([
        row === 0 ? mark(sign, style('accent'), written + (item.task ? box : '')) : span(' '.repeat(size), FG),
        ...line,
      ]);
    }
  }
  return lines;
}

function prefixed(lines: Line[], prefix: Span): Line[] {
  return lines.map((line) => [prefix, ...line]);
}

function inline(tokens: readonly Token[], id: StyleId): Line {
  return tokens.flatMap((token) => inlineOne(token, id));
}

function inlineOne(token: Token, id: StyleId): Line {
  switch (token.type) {
    case 'strong':
      return inline((token as Tokens.Strong).tokens, withAttr(id, 'bold'));
    case 'em':
      return inline((token as Tokens.Em).tokens, withAttr(id, 'italic'));
    case 'del':
      return inline((token as Tokens.Del).tokens, withAttr(id, 'strike'));
    case 'codespan':
      return [span((token as Tokens.Codespan).text, CODE)];
    case 'br':
      return [span('\n', id)];
    case 'link': {
      const { href, text, tokens: inner } = token as Tokens.Link;
      const address = href === text || href === `mailto:${text}` ? [] : [span(` (${href})`, DIM)];
      return [...inline(inner, LINK), ...address];
    }
    case 'image':
      return [span(`[image: ${(token as Tokens.Image).text}]`, DIM), span(` (${(token as Tokens.Image).href})`, DIM)];
    case 'escape':
      return [span((token as Tokens.Escape).text, id)];
    case 'text': {
      const { tokens: inner, text } = token as Tokens.Text;
      return inner ? inline(inner, id) : [span(decode(text), id)];
    }
    default:
      return [span(token.raw, id)];
  }
}

/** Entities that writers of Markdown do use. */
function decode(text: string): string {
  const known: Record<string, string> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&nbsp;': ' ',
    '&amp;': '&',
  };
  return text.replace(/&(?:lt|gt|quot|#39|nbsp|amp);/g, (entity) => known[entity] ?? entity);
}

/** Word wrap over pieces of several styles: line breaks in a piece stay. */
function wrapSpans(pieces: Line, width: number): Line[] {
  const words = wordsOf(pieces);
  const lines: Line[] = [[]];
  let line: Line = lines[0] ?? [];
  let used = 0;
  /** What the break before the row left out; null where a line begins there. */
  let joint: string | null = null;
  /** Blanks that the row had no room for. */
  let over = '';
  const put = (text: string, id: StyleId, columns: number): void => {
    const last = line.at(-1);
    // Most words look like the one before: one piece for both is cheaper to paint.
    if (last?.style === id) last.text += text;
    else if (last || joint === null) line.push(span(text, id));
    else line.push({ text, style: id, joint });
    used += columns;
  };
  const breakLine = (isWritten = false): void => {
    const left = trimEnd(line) + over;
    joint = isWritten ? null : left;
    over = '';
    lines.push((line = []));
    used = 0;
  };
  for (const [i, word] of words.entries()) {
    if (word.kind === 'break') {
      breakLine(true);
      continue;
    }
    if (word.kind === 'space') {
      if (used >= width) over += ' ';
      else if (used > 0) put(' ', word.style, 1);
      continue;
    }
    // A word may go on in the next style: `**bold**.` stays together.
    let size = word.width;
    for (let next = i + 1; words[next]?.kind === 'word'; next++) size += words[next]?.width ?? 0;
    const isGlued = words[i - 1]?.kind === 'word';
    if (!isGlued && used > 0 && used + size > width) breakLine();
    if (used + word.width <= width) {
      put(word.text, word.style, word.width);
      continue;
    }
    for (let rest = word.text; rest !== '';) {
      if (used >= width) breakLine();
      let head = sliceColumns(rest, width - used);
      if (head === '' && used === 0) head = rest;
      if (head === '') {
        breakLine();
        continue;
      }
      put(head, word.style, textWidth(head));
      rest = rest.slice(head.length);
    }
  }
  return lines;
}

/** Takes the blanks off the end of a row, and gives them. */
function trimEnd(line: Line): string {
  let taken = '';
  for (let last = line.at(-1); last; last = line.at(-1)) {
    const text = last.text.replace(/ +$/, '');
    taken += ' '.repeat(last.text.length - text.length);
    last.text = text;
    if (text !== '') break;
    line.pop();
  }
  return taken;
}

interface Word extends Span {
  kind: 'word' | 'space' | 'break';
  width: number;
}

function wordsOf(pieces: Line): Word[] {
  const words: Word[] = [];
  for (const piece of pieces) {
    for (const text of piece.text.match(/\n| +|[^ \n]+/g) ?? []) {
      const kind = text[0] === ' ' ? 'space' : text === '\n' ? 'break' : 'word';
      words.push({ text, style: piece.style, kind, width: kind === 'word' ? textWidth(text) : 1 });
    }
  }
  return words;
}
