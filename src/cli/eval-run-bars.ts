import type { SuiteProgress, Tally } from '../evaluation/run-suite.ts';
import { usdText } from '../events/usage.ts';
import { count } from '../headless/figures.ts';
import { oneLine } from '../headless/plain-text.ts';
import { clipText, fitText } from '../tui/text/clip.ts';
import { textWidth } from '../tui/text/width.ts';

const MAX_NAME = 24;
const MAX_BAR = 40;
/** Of what stands behind a bar. */
const FIGURES = 32;

export interface BarsView {
  columns: number;
  /** Lines at most; teams for which there is no line are counted. */
  rows: number;
  isUtf8: boolean;
  /** Null while it cannot be told. */
  leftMs: number | null;
  budgetUsd: number | null;
}

/** One line for each team and one for all of them; none is wider than the terminal, and no more than it has rows. */
export function barLines(progress: SuiteProgress, { columns, rows, isUtf8, leftMs, budgetUsd }: BarsView): string[] {
  const names = progress.teams.map(({ name }) => oneLine(name));
  const nameWidth = Math.min(MAX_NAME, Math.max(...names.map((name) => textWidth(name))));
  const barWidth = Math.max(0, Math.min(MAX_BAR, columns - 1 - nameWidth - 2 - FIGURES));
  const [full, empty] = isUtf8 ? ['█', '░'] : ['#', '-'];
  const room = progress.teams.length < rows ? progress.teams.length : Math.max(0, rows - 2);
  const hidden = progress.teams.slice(room);
  const lines = progress.teams.slice(0, room).map((team, index) => {
    const filled = team.total === 0 ? 0 : Math.floor((team.done / team.total) * barWidth);
    const bar = full.repeat(filled) + empty.repeat(barWidth - filled);
    const name = fitText(names[index] ?? '', nameWidth);
    return [name, ...(barWidth > 0 ? [bar] : []), figures(team)].join('  ');
  });
  const isPaid = progress.spentUsd > 0 || budgetUsd !== null;
  const spent = `${money(progress.spentUsd)}${budgetUsd === null ? '' : ` of ${money(budgetUsd)}`}`;
  const left = leftMs === null ? [] : [`${duration(leftMs)} left`];
  const more = hidden.length === 0 || rows < 2 ? [] : [`and ${count(hidden.length, 'more team')}`];
  const all = [
    `${progress.done} of ${progress.total} trials`,
    ...(isPaid ? [spent] : []),
    `${progress.tokens} tokens`,
    ...left,
  ];
  return [...lines, ...more, all.join(isUtf8 ? ' · ' : ', ')].map((line) => clipText(line, columns - 1));
}

function figures({ done, total, right, spentUsd }: Tally): string {
  const share = done === 0 ? '' : `  ${((100 * right) / done).toFixed(0)} % right`;
  // Nothing, or of an unknown price.
  return `${done}/${total}${share}${spentUsd === 0 ? '' : `  ${money(spentUsd)}`}`;
}

function money(usd: number): string {
  return usd >= 1 || usd === 0 ? `$${usd.toFixed(2)}` : usdText(usd);
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
