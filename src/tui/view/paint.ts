import { glyphAt } from '../text/width.ts';
import { style, type StyleId } from '../theme/style.ts';
import type { Area, Frame } from './frame.ts';

/** A cell as blessed keeps it: style and character. The second cell of a wide character holds ''. */
export type Cell = [style: StyleId, ch: string];
export type CellRow = Cell[] & { dirty?: boolean };

/**
 * Copies an area, or some of its rows, into rows of cells, clipped to both. Wide characters that an edge cuts become
 * blanks.
 */
export function paintArea(rows: CellRow[], area: Area, only?: readonly number[]): void {
  for (const i of only ?? Array.from({ length: area.height }).keys()) {
    const row = rows[area.y + i];
    if (!row) continue;
    paintRow(row, area, i);
    row.dirty = true;
  }
}

/**
 * Text is made harmless where it comes in. Should that be forgotten somewhere, this is the last place before the terminal:
 * no control and nothing that reorders text gets into a cell.
 */
// oxlint-disable-next-line no-control-regex -- controls are what it is about
const HARMFUL = /[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** Strings of one character, made once. */
const PLAIN = Array.from({ length: 0x7f }, (_, code) => String.fromCharCode(code));

function paintRow(row: CellRow, area: Area, index: number): void {
  const end = Math.min(area.x + area.width, row.length);
  if (row[area.x]?.[1] === '' && area.x > 0) set(row, area.x - 1, row[area.x - 1]?.[0] ?? area.fill, ' ');
  if (row[end]?.[1] === '') set(row, end, row[end]?.[0] ?? area.fill, ' ');
  let x = area.x;
  for (const piece of area.lines[index] ?? []) {
    const { text } = piece;
    for (let i = 0; i < text.length;) {
      const code = text.charCodeAt(i);
      // Plain characters are by far the most: no glyph is made for them. What follows may be a mark that joins.
      if (code >= 0x20 && code < 0x7f && !(text.charCodeAt(i + 1) >= 0x300)) {
        if (x >= end) return;
        set(row, x++, piece.style, PLAIN[code] ?? ' ');
        i += 1;
        continue;
      }
      const glyph = glyphAt(text, i);
      i += glyph.size;
      if (x + glyph.width > end) {
        fill(row, x, end, area.fill);
        return;
      }
      set(row, x, piece.style, HARMFUL.test(glyph.ch) ? '\ufffd' : glyph.ch);
      if (glyph.width === 2) set(row, x + 1, piece.style, '');
      x += glyph.width;
    }
  }
  fill(row, x, end, area.fill);
}

function fill(row: CellRow, from: number, to: number, id: StyleId): void {
  for (let x = from; x < to; x++) set(row, x, id, ' ');
}

function set(row: CellRow, x: number, id: StyleId, ch: string): void {
  const cell = row[x];
  if (!cell) return;
  cell[0] = id;
  cell[1] = ch;
}

const BLANK = style('fg');

/** The whole picture as cells, without any terminal. */
export function paintFrame(frame: Frame): CellRow[] {
  const rows = Array.from({ length: frame.rows }, (): CellRow =>
    Array.from({ length: frame.cols }, (): Cell => [BLANK, ' ']),
  );
  for (const area of frame.areas) paintArea(rows, area);
  return rows;
}

/** The picture as text, one string per row: for golden tests. */
export function frameText(frame: Frame): string[] {
  return paintFrame(frame).map((row) =>
    row
      .map(([, ch]) => ch)
      .join('')
      .trimEnd(),
  );
}
