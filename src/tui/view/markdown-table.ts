import { style } from '../theme/style.ts';
import type { Glyphs } from './glyphs.ts';
import { clipLine, lineWidth, span, type Line } from './line.ts';

/** A table with columns as wide as their cells; where it is too wide, the widest columns give way and cuts are marked. */
export function tableLines(header: Line[], rows: Line[][], width: number, glyphs: Glyphs): Line[] {
  const all = [header, ...rows];
  const columns = header.map((_, i) => Math.max(1, ...all.map((row) => lineWidth(row[i] ?? []))));
  const gap = 3;
  while (columns.reduce((sum, w) => sum + w, 0) + gap * (columns.length - 1) > width) {
    const widest = columns.indexOf(Math.max(...columns));
    if ((columns[widest] ?? 0) <= 3) break;
    columns[widest] = (columns[widest] ?? 0) - 1;
  }
  const line = (row: Line[]): Line => {
    const out: Line = [];
    for (const [i, size] of columns.entries()) {
      if (i > 0) out.push(span(` ${glyphs.bar} `, style('border')));
      const cell = clipLine(row[i] ?? [], size, glyphs.cut);
      out.push(...cell, span(' '.repeat(Math.max(0, size - lineWidth(cell))), style('fg')));
    }
    return clipLine(out, width, glyphs.cut);
  };
  const rule = columns.map((size) => glyphs.rule.repeat(size)).join(glyphs.rule.repeat(gap));
  return [line(header), clipLine([span(rule, style('border'))], width, glyphs.rule), ...rows.map(line)];
}
