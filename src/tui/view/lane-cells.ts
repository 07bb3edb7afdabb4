import type { Lane, MarkKind, SpanKind } from '../store/lanes.ts';

/** The part of a run's time that the lanes show. */
export interface TimeWindow {
  /** Columns of the lanes. */
  cols: number;
  msPerCol: number;
  /** Time of the first column, since the run began. */
  fromMs: number;
}

/** What one column of a lane shows. */
export type LaneCell = SpanKind | MarkKind | 'idle' | 'done' | 'none';

/** Time per column that the scale can have. */
const SCALES = [
  50, 100, 200, 500, 1000, 2000, 4000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000,
] as const;

/** What stands in front where several things happened in one column. */
const MARK_RANK: readonly MarkKind[] = [
  'message',
  'update',
  'refused',
  'retry',
  'void',
  'ballot',
  'answer',
  'out',
  'error',
  'restart',
];
const SPAN_RANK: readonly SpanKind[] = ['wait', 'draft', 'tool', 'ask'];

/** Steps of the scale while a run grows: the lanes are drawn anew at each of them only. */
const GROWTH = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
const FINEST_MS = 10;

/** The finest scale at which everything fits; a run that grows leaves some columns for what is to come. */
export function fitScale(totalMs: number, cols: number, isGrowing: boolean): number {
  const exact = Math.max(FINEST_MS, Math.floor(totalMs / cols) + 1);
  if (!isGrowing) return exact;
  const decade = 10 ** Math.floor(Math.log10(exact));
  return Math.round((GROWTH.find((step) => step * decade >= exact) ?? 10) * decade);
}

/** The scale one step finer (−1) or coarser (1). */
export function nextScale(scale: number, step: -1 | 1): number {
  const next = step === 1 ? SCALES.find((each) => each > scale) : SCALES.findLast((each) => each < scale);
  return next ?? scale;
}

/** A lane as one cell per column. `endMs` is now, or the end of the run; later columns are empty. Pure. */
export function laneCells(lane: Lane, { cols, msPerCol, fromMs }: TimeWindow, endMs: number): LaneCell[] {
  const columnAt = (ms: number): number => Math.floor((ms - fromMs) / msPerCol);
  const last = columnAt(endMs);
  const cells = Array.from({ length: cols }, (_, i): LaneCell => (i <= last ? 'idle' : 'none'));
  // An agent that has voted, or is out, waits for nothing.
  let doneFrom: number | null = null;
  const rest = (to: number): void => {
    if (doneFrom !== null) for (let i = Math.max(0, doneFrom); i < Math.min(to, last + 1, cols); i++) cells[i] = 'done';
  };
  for (const mark of lane.marks) {
    if (mark.kind === 'ballot' || mark.kind === 'out') doneFrom ??= columnAt(mark.atMs);
    if (mark.kind === 'void') {
      rest(columnAt(mark.atMs));
      doneFrom = null;
    }
  }
  rest(cols);
  const spanRank = Array.from({ length: cols }, () => -1);
  for (const { kind, fromMs: from, toMs } of lane.spans) {
    const rank = SPAN_RANK.indexOf(kind);
    const first = Math.max(0, columnAt(from));
    for (let i = first; i <= Math.min(columnAt(toMs ?? endMs), last, cols - 1); i++) {
      if (rank < (spanRank[i] ?? 0)) continue;
      spanRank[i] = rank;
      cells[i] = kind;
    }
  }
  const markRank = Array.from({ length: cols }, () => -1);
  for (const { kind, atMs } of lane.marks) {
    const i = columnAt(atMs);
    const rank = MARK_RANK.indexOf(kind);
    if (i < 0 || i >= cols || rank < (markRank[i] ?? 0)) continue;
    markRank[i] = rank;
    cells[i] = kind;
  }
  return cells;
}
