import type { Rect } from './frame.ts';

export const MIN_COLS = 40;
export const MIN_ROWS = 10;
const PANE_MIN = { width: 30, height: 5 };
/** The least that says something, for those who want to see all. */
const PANE_DENSE = { width: 20, height: 3 };
const PANE_GOOD = { width: 48, height: 10 };
/** Rows longer than this are hard to read. */
const PANE_MAX_WIDTH = 90;

/** How the agents share the body of the screen. Rectangles do not overlap; separators stand in the gaps. */
export type BodyLayout =
  | { kind: 'grid'; panes: Rect[]; separators: Rect[] }
  | { kind: 'list'; list: Rect; pane: Rect; separator: Rect }
  | { kind: 'tabs'; tabs: Rect; pane: Rect }
  | { kind: 'zoom'; pane: Rect };

/** True where even a single pane makes no sense. */
export function isTooSmall(cols: number, rows: number): boolean {
  return cols < MIN_COLS || rows < MIN_ROWS;
}

/** Width of the rail with timeline and votes; 0 where there is no room for it. */
export function railWidth(cols: number, rows: number, agents: number): number {
  if (rows < 20) return 0;
  if (cols >= 160) return Math.min(56, Math.floor(cols * 0.24));
  return cols >= 120 && agents <= 6 ? 36 : 0;
}

/** A pure rule: the best grid (a dense one has smaller panes), else a list beside the focused pane, else tabs above it. */
export function layoutBody(body: Rect, agents: number, isZoomed: boolean, isDense = false): BodyLayout {
  if (isZoomed || agents <= 1) return { kind: 'zoom', pane: body };
  const grid = bestGrid(body, agents, isDense ? PANE_DENSE : PANE_MIN);
  if (grid) return { kind: 'grid', ...placeGrid(body, agents, grid.cols, grid.rows) };
  if (body.width >= 60 && body.height >= 12) {
    const width = Math.max(22, Math.min(36, Math.floor(body.width * 0.36)));
    return {
      kind: 'list',
      list: { ...body, width },
      separator: { ...body, x: body.x + width, width: 1 },
      pane: { ...body, x: body.x + width + 1, width: body.width - width - 1 },
    };
  }
  return {
    kind: 'tabs',
    tabs: { ...body, height: 1 },
    pane: { ...body, y: body.y + 1, height: body.height - 1 },
  };
}

function bestGrid(body: Rect, agents: number, least: typeof PANE_MIN): { cols: number; rows: number } | null {
  let best: { cols: number; rows: number; score: number } | null = null;
  for (let cols = 1; cols <= agents; cols++) {
    const rows = Math.ceil(agents / cols);
    const width = Math.floor((body.width - (cols - 1)) / cols);
    const height = Math.floor(body.height / rows);
    if (width < least.width || height < least.height) continue;
    // A grid without a hole is easier to read, so holes cost a little.
    const holes = cols * rows - agents;
    const room = Math.min(width / PANE_GOOD.width, 1) * Math.min(height / PANE_GOOD.height, 1);
    const score = room * Math.min(PANE_MAX_WIDTH / width, 1) - 0.03 * holes;
    if (!best || score > best.score) best = { cols, rows, score };
  }
  return best;
}

function placeGrid(body: Rect, agents: number, cols: number, rows: number): { panes: Rect[]; separators: Rect[] } {
  const panes: Rect[] = [];
  const separators: Rect[] = [];
  const heights = share(body.height, rows);
  let y = body.y;
  for (const [row, height] of heights.entries()) {
    // The panes of a short last row share the whole width.
    const count = Math.min(cols, agents - row * cols);
    let x = body.x;
    for (const [i, width] of share(body.width - (count - 1), count).entries()) {
      if (i > 0) separators.push({ x: x - 1, y, width: 1, height });
      panes.push({ x, y, width, height });
      x += width + 1;
    }
    y += height;
  }
  return { panes, separators };
}

/** Splits a length into equal parts; the first parts take what is left over. */
function share(total: number, parts: number): number[] {
  const size = Math.floor(total / parts);
  return Array.from({ length: parts }, (_, i) => size + (i < total - size * parts ? 1 : 0));
}
