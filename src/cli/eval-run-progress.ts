import type { SuiteProgress } from '../evaluation/run-suite.ts';
import type { TrialRecord } from '../evaluation/trials/trial-record.ts';
import { plainText } from '../headless/plain-text.ts';
import type { Clock } from '../platform/clock.ts';
import { barLines } from './eval-run-bars.ts';
import { progressWords } from './eval-run-words.ts';

/** Tells a person how far an evaluation is. */
export interface ProgressTeller {
  /** `record` is null before the first trial. */
  update(progress: SuiteProgress, record: TrialRecord | null): void;
  /** A sentence besides. */
  tell(text: string): void;
  /** Nothing is drawn after it. */
  end(): void;
}

/** A line for each trial, for logs and pipes. */
export function tellInLines(write: (text: string) => void): ProgressTeller {
  return {
    update: (progress, record) => record && write(`${progressWords(progress, record)}\n`),
    tell: (text) => write(`${plainText(text)}\n`),
    end: () => undefined,
  };
}

/** Not more often, since a remote terminal has to keep up. */
const REDRAW_MS = 100;
const CLEAR_LINE = '\u001b[K';

export interface BarsTerminal {
  write: (text: string) => void;
  /** Asked at every drawing, since windows change. */
  columns: () => number;
  rows: () => number;
  isUtf8: boolean;
  clock: Clock;
  budgetUsd: number | null;
}

/** A bar for each team that is drawn over itself, at most ten times a second. */
export function tellInBars({ write, columns, rows, isUtf8, clock, budgetUsd }: BarsTerminal): ProgressTeller {
  const begun = clock.now();
  let doneBefore: number | null = null;
  let latest: SuiteProgress | null = null;
  let height = 0;
  let drawnAt = -Infinity;
  let stopWaiting: (() => void) | null = null;
  const top = (): string => (height > 0 ? `\u001b[${height}A\r` : '\r');

  // What has left the screen at its top cannot be drawn over, so only the last picture holds all teams.
  const draw = (most = rows() - 1): void => {
    stopWaiting = null;
    if (!latest) return;
    drawnAt = clock.now();
    const { done, total } = latest;
    const doneHere = done - (doneBefore ?? done);
    const leftMs = doneHere === 0 || done === total ? null : ((drawnAt - begun) / doneHere) * (total - done);
    const lines = barLines(latest, { columns: columns(), rows: most, isUtf8, leftMs, budgetUsd });
    write(`${top()}${lines.map((line) => `${line}${CLEAR_LINE}\n`).join('')}`);
    height = lines.length;
  };
  return {
    update(progress) {
      doneBefore ??= progress.done;
      latest = progress;
      if (stopWaiting) return;
      const wait = drawnAt + REDRAW_MS - clock.now();
      if (wait <= 0) draw();
      else stopWaiting = clock.after(wait, () => draw());
    },
    tell(text) {
      write(`${top()}\u001b[J${plainText(text)}\n`);
      height = 0;
      draw();
    },
    end() {
      stopWaiting?.();
      draw(Infinity);
      latest = null;
    },
  };
}
