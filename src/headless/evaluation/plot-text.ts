import type { TeamReport } from '../../evaluation/report/report-team.ts';
import { oneLine } from '../plain-text.ts';
import { niceTop, short } from './axis.ts';

const [COLUMNS, ROWS] = [48, 8];
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Shares of right answers over tokens per trial, a letter for each team; null where there is nothing to compare. */
export function plotText(teams: readonly TeamReport[], front: readonly string[]): string | null {
  if (teams.length < 2 || teams.length > LETTERS.length) return null;
  const top = niceTop(Math.max(...teams.map(({ tokens }) => tokens)));
  const cells = Array.from({ length: ROWS + 1 }, () => Array.from({ length: COLUMNS + 1 }, () => ' '));
  teams.forEach(({ tokens, right }, index) => {
    const row = cells[ROWS - Math.round((right.share ?? 0) * ROWS)] ?? [];
    // Teams in one place stand beside each other.
    const free = row.findIndex((cell, column) => column >= Math.round((tokens / top) * COLUMNS) && cell === ' ');
    row[free < 0 ? COLUMNS : free] = LETTERS[index] ?? '';
  });
  const lines = cells.map((row, index) => {
    const share = 100 - (index * 100) / ROWS;
    const label = index % 2 === 0 ? `${share} %`.padStart(5) : '     ';
    return `${label} ${index === ROWS ? '┼' : '│'}${index === ROWS ? row.map((cell) => (cell === ' ' ? '─' : cell)).join('') : row.join('')}`.trimEnd();
  });
  const half = short(top / 2);
  const ticks = `${' '.repeat(7)}0${half.padStart(COLUMNS / 2 + Math.ceil((half.length - 1) / 2))}`;
  const names = teams.map(
    ({ team }, index) => `${LETTERS[index]} ${oneLine(team)}${front.includes(team) ? ' (on the front)' : ''}`,
  );
  return [
    'Right answers over tokens per trial',
    ...lines,
    `${ticks}${short(top).padStart(COLUMNS + 8 - ticks.length)}`,
    ...names,
  ].join('\n');
}
