import type { Rect } from '../view/frame.ts';
import { layoutBody } from '../view/layout.ts';
import type { Model } from '../view/model.ts';

export type ScrollMove =
  | 'scroll-down'
  | 'scroll-up'
  | 'half-down'
  | 'half-up'
  | 'page-down'
  | 'page-up'
  | 'top'
  | 'bottom';

/** Where the focused pane stands now. */
export function focusedRect(model: Model, body: Rect): Rect {
  const count = model.run?.panes.length ?? 0;
  const layout = layoutBody(body, count, model.isZoomed);
  if (layout.kind === 'grid') return layout.panes[model.focus] ?? body;
  if (layout.kind === 'zoom' && count > 1) return { ...body, y: body.y + 1, height: body.height - 1 };
  return layout.pane;
}

/** A position after a scroll key; `last` is the last one there is. */
export function moved(
  top: number,
  move: ScrollMove,
  rows: number,
  height: number,
  last = Math.max(0, rows - height),
): number {
  const steps: Record<ScrollMove, number> = {
    'scroll-down': 1,
    'scroll-up': -1,
    'half-down': Math.max(1, Math.floor(height / 2)),
    'half-up': -Math.max(1, Math.floor(height / 2)),
    'page-down': Math.max(1, height - 1),
    'page-up': -Math.max(1, height - 1),
    top: -Infinity,
    bottom: Infinity,
  };
  return Math.max(0, Math.min(last, top + steps[move]));
}
