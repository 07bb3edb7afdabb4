export type ScrollMove =
  | 'scroll-down'
  | 'scroll-up'
  | 'half-down'
  | 'half-up'
  | 'page-down'
  | 'page-up'
  | 'top'
  | 'bottom';

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
