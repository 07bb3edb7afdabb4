import type { Cell, CellRow } from '../view/paint.ts';
import { glyphAt } from '../text/width.ts';
import type { StyleId } from '../theme/style.ts';
import type { StyleTable } from '../theme/style-table.ts';

/** Cells after a character of uncertain width that are sent again, so that a wrong guess cannot spread. */
const RESYNC_CELLS = 8;
/** One run of plain characters. A row has no more columns than this, or it is sent in parts. */
const RUN = Buffer.alloc(512);
/** An unchanged gap up to this length is cheaper to send than to jump over. */
const SHORT_GAP = 4;

export interface DrawOptions {
  table: StyleTable;
  /** Wraps the frame in synchronized-output marks (mode 2026). */
  isSynchronized: boolean;
  /** Sends every cell, whatever the old ones say. */
  isFull: boolean;
  cursor: { x: number; y: number } | null;
  /** The cursor must be placed anew even if no cell changed. */
  isCursorMoved: boolean;
}

/**
 * What must be sent to turn the old cells into the new ones; the old ones become like the new. '' if nothing changed
 * and the cursor stays away. The result leaves the style reset.
 */
export function drawDiff(next: CellRow[], old: CellRow[], options: DrawOptions): string {
  let body = '';
  let style: StyleId | null = null;
  for (const [y, row] of next.entries()) {
    const oldRow = old[y];
    if (!oldRow || (row.dirty === false && !options.isFull)) continue;
    row.dirty = false;
    const drawn = drawRow(row, oldRow, y, style, options);
    body += drawn.text;
    style = drawn.style;
  }
  if (body === '' && !options.isCursorMoved) return '';
  const { cursor } = options;
  const place = cursor ? `\x1b[${cursor.y + 1};${cursor.x + 1}H\x1b[?25h` : '';
  const [begin, end] = options.isSynchronized ? ['\x1b[?2026h', '\x1b[?2026l'] : ['', ''];
  return `${begin}\x1b[?25l${body}\x1b[0m${place}${end}`;
}

function drawRow(
  row: CellRow,
  oldRow: CellRow,
  y: number,
  from: StyleId | null,
  { table, isFull }: DrawOptions,
): { text: string; style: StyleId | null } {
  let text = '';
  let style = from;
  /** Where the terminal's cursor is in this row; -1 while that is not known. */
  let at = -1;
  let resync = 0;
  /** The cell that was sent last. */
  let last = -1;
  /** Characters gathered in `RUN`: joined one by one, they would make garbage of many times their size. */
  let gathered = 0;
  const gather = (ch: string): void => {
    if (gathered === RUN.length) flush();
    RUN[gathered++] = ch.charCodeAt(0);
  };
  const flush = (): void => {
    if (gathered === 0) return;
    text += RUN.toString('latin1', 0, gathered);
    gathered = 0;
  };
  const turn = (to: StyleId): void => {
    if (style === to) return;
    flush();
    text += table.change(style, to);
    style = to;
  };
  for (let x = 0; x < row.length; x++) {
    const cell = row[x];
    const oldCell = oldRow[x];
    if (!cell || !oldCell) continue;
    const isChanged = isFull || resync > 0 || cell[0] !== oldCell[0] || cell[1] !== oldCell[1];
    if (resync > 0) resync--;
    if (!isChanged) continue;
    if (cell[1] === '') {
      // The second half of a wide character comes with the first; redraw that one if it was left out.
      const head = row[x - 1];
      if (head && last !== x - 1 && head[1] !== '') {
        flush();
        const drawn = put(head, x - 1, y, x - 1, style, table);
        text += drawn.text;
        style = head[0];
        at = drawn.isUncertain ? -1 : x + 1;
      }
      copy(oldCell, cell);
      continue;
    }
    if (at >= 0 && at < x && x - at <= SHORT_GAP && isPlainGap(row, at, x)) {
      for (; at < x; at++) {
        const gap = row[at];
        if (!gap) continue;
        turn(gap[0]);
        gather(gap[1]);
      }
    }
    if (isPlain(cell[1])) {
      if (at !== x) {
        flush();
        text += `\x1b[${y + 1};${x + 1}H`;
      }
      turn(cell[0]);
      gather(cell[1]);
      copy(oldCell, cell);
      at = x + 1;
      last = x;
      continue;
    }
    flush();
    const drawn = put(cell, x, y, at, style, table);
    text += drawn.text;
    style = cell[0];
    copy(oldCell, cell);
    at = drawn.isUncertain ? -1 : x + drawn.width;
    last = x;
    if (drawn.isUncertain) resync = RESYNC_CELLS;
  }
  flush();
  return { text, style };
}

function put(
  cell: Cell,
  x: number,
  y: number,
  at: number,
  style: StyleId | null,
  table: StyleTable,
): { text: string; width: number; isUncertain: boolean } {
  const glyph = glyphAt(cell[1], 0);
  const move = at === x ? '' : `\x1b[${y + 1};${x + 1}H`;
  return { text: move + table.change(style, cell[0]) + cell[1], width: glyph.width, isUncertain: glyph.isUncertain };
}

function isPlainGap(row: CellRow, from: number, to: number): boolean {
  for (let x = from; x < to; x++) {
    if (!isPlain(row[x]?.[1] ?? '')) return false;
  }
  return row[to]?.[1] !== '';
}

/** One column on every terminal. */
function isPlain(ch: string): boolean {
  return ch.length === 1 && ch <= '~';
}

function copy(to: Cell, from: Cell): void {
  to[0] = from[0];
  to[1] = from[1];
}
