import { count } from '../figures.ts';
import { oneLine, preview } from '../plain-text.ts';
import { align } from './inspect-text.ts';

/** One line of `massgen sessions`. */
export interface SessionLine {
  id: string;
  name: string | null;
  cwd: string;
  turns: number;
  lastUsedAt: number;
  firstQuestion: string;
  /** Of the last turn; null where there is none. */
  lastOutcome: string | null;
  parent: { session: string; turns: number } | null;
  runs: string[];
}

const QUESTION_CHARS = 50;

/** `massgen sessions`, for people: a line each. Empty where there are none. */
export function sessionsText(lines: readonly SessionLine[], hasFolders: boolean): string {
  const rows = lines.map((line) => [
    oneLine(line.id),
    new Date(line.lastUsedAt).toISOString().slice(0, 16).replace('T', ' '),
    count(line.turns, 'turn'),
    line.lastOutcome ?? '',
    line.name === null ? preview(line.firstQuestion, QUESTION_CHARS) : `${oneLine(line.name)}`,
    line.parent ? `branch of ${oneLine(line.parent.session)}` : '',
    hasFolders ? oneLine(line.cwd) : '',
  ]);
  return align(rows)
    .map((line) => `${line}\n`)
    .join('');
}
