import type { SuiteReport } from '../../evaluation/report/report-suite.ts';
import type { TeamReport } from '../../evaluation/report/report-team.ts';
import { isFigures, NOTES, reportTables, type ReportTable } from '../../evaluation/report/tables.ts';
import { oneLine } from '../plain-text.ts';
import { plotText } from './plot-text.ts';
import { LEAST_WIDTH, wrapped, type WidthOf } from './wrapped.ts';

const BAR = 40;

/**
 * A report for a terminal of so many columns, on which a text takes `widthOf` of them: verdict, a chart of right answers, tables.
 * Plain text, line by line.
 */
export function textReport(report: SuiteReport, columns: number, widthOf: WidthOf): string {
  const { suite, trials, cases, verdict, teams, front } = report;
  const plot = plotText(teams, front);
  return [
    `Evaluation: ${oneLine(suite)}. ${trials} trials on ${cases} cases.`,
    verdict.map((sentence) => wrapped(sentence, columns, '• ', widthOf)).join('\n'),
    `Right answers\n${chart(teams, widthOf)}`,
    ...(plot === null ? [] : [plot]),
    ...reportTables(report).map((table) => tableText(table, columns, widthOf)),
    wrapped(NOTES, columns, '', widthOf),
    '',
  ].join('\n\n');
}

/** A bar per line, `├─┤` for its interval where that fits, `◆` for the oracle. */
function chart(teams: readonly TeamReport[], widthOf: WidthOf): string {
  const width = Math.max(0, ...teams.map(({ team }) => widthOf(oneLine(team))));
  const rows = teams.map(({ team, agentCount, right, lines }) => {
    const cells = Array.from({ length: BAR + 1 }, () => ' ');
    const at = (share: number): number => Math.round(share * BAR);
    for (let i = 0; i < at(right.share ?? 0); i += 1) cells[i] = '█';
    if (right.interval) {
      for (let i = at(right.interval.low); i <= at(right.interval.high); i += 1)
        cells[i] = cells[i] === '█' ? '▓' : '─';
    }
    // One agent alone has nothing to choose from.
    if (lines.oracle.share !== null && agentCount > 1) cells[at(lines.oracle.share)] = '◆';
    const share = right.share === null ? '–' : `${(right.share * 100).toFixed(1)} %`;
    return `${filled(oneLine(team), width, widthOf)}  ${cells.join('')} ${share}`;
  });
  return [...rows, `${' '.repeat(width)}  0 %${'50 %'.padStart(BAR / 2)}${'100 %'.padStart(BAR / 2)}`, LEGEND].join(
    '\n',
  );
}

const LEGEND = '█ right   ▓─ 95 % interval   ◆ oracle: an answer in the pool was right';

/** As it is where that fits, else with rows and columns exchanged, else row by row. */
function tableText(table: ReportTable, columns: number, widthOf: WidthOf): string {
  const { title, head, rows } = table;
  const most = Math.max(columns, LEAST_WIDTH);
  const upright = [head, ...rows].map((row) => row.map(oneLine));
  const turned = head.map((_, column) => upright.map((row) => row[column] ?? ''));
  const lines =
    drawn(upright, most, (column) => !isFigures(table, column), widthOf) ??
    drawn(turned, most, (column) => column === 0, widthOf) ??
    listed(head, rows);
  return `${title}\n${lines}`;
}

/** Null where it is wider than `most` columns. `isLeft` says which columns stand at the left. */
function drawn(
  [head = [], ...rows]: readonly (readonly string[])[],
  most: number,
  isLeft: (column: number) => boolean,
  widthOf: WidthOf,
): string | null {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => widthOf(row[column] ?? ''))));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total > most) return null;
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const room = ' '.repeat((widths[column] ?? 0) - widthOf(cell));
        return isLeft(column) ? cell + room : room + cell;
      })
      .join('  ')
      .trimEnd();
  return [line(head), '─'.repeat(total), ...rows.map(line)].join('\n');
}

function filled(text: string, width: number, widthOf: WidthOf): string {
  return text + ' '.repeat(width - widthOf(text));
}

/** For terminals that a table does not fit in. */
function listed(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = Math.max(...head.map((name) => name.length));
  const about = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? oneLine(cell) : `  ${(head[column] ?? '').padEnd(width)}  ${oneLine(cell)}`,
      )
      .join('\n');
  return rows.map(about).join('\n');
}
