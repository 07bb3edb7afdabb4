import type { Cost } from '../../events/usage.ts';
import { money } from '../figures.ts';
import { oneLine, preview } from '../plain-text.ts';
import { align } from './inspect-text.ts';

/** One line of `massgen runs`. */
export interface RunLine {
  run: string;
  startedAt: number | null;
  question: string;
  /** `answered`, `failed`, …; `unfinished`; `unreadable` for a log that cannot be read. */
  outcome: string;
  /** Null where no model is called, and for a run that cannot be read. */
  cost: Cost | null;
}

const QUESTION_CHARS = 60;

/** `massgen runs`, for people: newest first, a line each. Empty where there are no runs. */
export function runsText(lines: readonly RunLine[]): string {
  const rows = lines.map(({ run, startedAt, question, outcome, cost }) => [
    oneLine(run),
    startedAt === null ? '' : new Date(startedAt).toISOString().slice(0, 16).replace('T', ' '),
    outcome,
    cost ? money(cost) : startedAt === null ? '' : 'free',
    preview(question, QUESTION_CHARS),
  ]);
  return align(rows)
    .map((line) => `${line}\n`)
    .join('');
}
