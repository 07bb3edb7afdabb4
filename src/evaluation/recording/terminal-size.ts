import { MassgenError } from '../../platform/errors.ts';

/** Columns and rows of a terminal. */
export interface TerminalSize {
  cols: number;
  rows: number;
}

/** Smaller ones show no app, larger ones no recorder draws in time. */
const LEAST: TerminalSize = { cols: 40, rows: 12 };
const MOST: TerminalSize = { cols: 300, rows: 100 };

/** Reads `120x40`. Throws a MassgenError for what is no size that can be recorded. */
export function parseSize(text: string): TerminalSize {
  const [, cols, rows] = /^(\d{1,4})x(\d{1,4})$/.exec(text.trim()) ?? [];
  const size = { cols: Number(cols), rows: Number(rows) };
  const isPossible =
    size.cols >= LEAST.cols && size.rows >= LEAST.rows && size.cols <= MOST.cols && size.rows <= MOST.rows;
  if (isPossible) return size;
  throw new MassgenError(
    'usage',
    `The size ${text} cannot be recorded: it must be COLUMNSxROWS from ${LEAST.cols}x${LEAST.rows} to ${MOST.cols}x${MOST.rows}, e.g. 120x40.`,
  );
}

/** What VHS must be told in pixels to have exactly that many cells of JetBrains Mono at 15, with a padding of 12; measured. */
export function pixelsOf({ cols, rows }: TerminalSize): { width: number; height: number } {
  return { width: 9 * cols + 50, height: 20 * rows + 42 };
}
