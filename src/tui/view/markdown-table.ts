import { style } from '../theme/style.ts';
import type { Glyphs } from './glyphs.ts';
import { copiedAs } from './copied.ts';
import { clipLine, lineText, lineWidth, span, type Line } from './line.ts';

/** A table with columns as wide as their cells; where it is too wide, the widest columns give way and cuts are marked. */
export function tableLines(
  header: Line[],
  rows: Line[][],
  width: number,
  glyphs: Glyphs,
  align: readonly ('left' | 'right' | 'center' | null)[] = [],
): Line[] {
  const all = [header, ...rows];
  const columns = header.map((_, i) => all.reduce((most, row) => Math.max(most, lineWidth(row[i] ?? [])), 1));
  const gap = 3;
  while (columns.reduce((sum, w) => sum + w, 0) + gap * (columns.length - 1) > width) {
    const widest = columns.indexOf(Math.max(...columns));
    if ((columns[widest] ?? 0) <= 3) break;
    columns[widest] = (columns[widest] ?? 0) - 1;
  }
  const line = (row: readonly Line[]): Line => {
    const out: Line = [];
    for (const [i, size] of columns.entries()) {
      if (i > 0) out.push(span(` ${glyphs.bar} `, style('border')));
      const cell = clipLine(row[i] ?? [], size, glyphs.cut);
      const free = Math.max(0, size - lineWidth(cell));
      const before = align[i] === 'right' ? free : align[i] === 'center' ? Math.floor(free / 2) : 0;
      out.push(span(' '.repeat(before), style('fg')), ...cell, span(' '.repeat(free - before), style('fg')));
    }
    return copiedAs(clipLine(out, width, glyphs.cut), tableRow(row.map(lineText)));
  };
  const rule = columns.map((size) => glyphs.rule.repeat(size)).join(glyphs.rule.repeat(gap));
  const below = clipLine([span(rule, style('border'))], width, glyphs.rule);
  return [line(header), copiedAs(below, tableRow(header.map((_, i) => RULES[align[i] ?? 'left']))), ...rows.map(line)];
}

const RULES = { left: '---', right: '--:', center: ':-:' } as const;

/** A row as a table has it in Markdown. */
function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
