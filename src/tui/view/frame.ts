import type { StyleId } from '../theme/style.ts';
import type { Line } from './line.ts';

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A place on the screen, counted from 0. */
export interface Cell {
  x: number;
  y: number;
}

export function isIn(rect: Rect, x: number, y: number): boolean {
  return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

/**
 * The fixed places of the screen, from back to front; each is one widget. `pane-0` … hold what the grid shows,
 * separators and markers go where they belong in z-order.
 */
export const PANE_LAYERS = 16;
export type LayerName =
  | 'status'
  | `pane-${number}`
  | 'list'
  | 'rail'
  | 'main'
  | 'lines'
  | 'strip'
  | 'input'
  | 'footer'
  | 'overlay';

/** A rectangle of styled rows. Rows that are missing or short are filled with `fill`. */
export interface Area extends Rect {
  layer: LayerName;
  lines: Line[];
  fill: StyleId;
}

/** One picture of the whole screen: what views make and widgets show. */
export interface Frame {
  cols: number;
  rows: number;
  areas: Area[];
  /** Where the text cursor stands; null hides it. */
  cursor: Cell | null;
}
