import type { SuiteReport } from '../../evaluation/report/report-suite.ts';
import type { TeamReport } from '../../evaluation/report/report-team.ts';
import { NOTES, reportTables, type ReportTable } from '../../evaluation/report/tables.ts';
import { oneLine } from '../plain-text.ts';

const BAR = 40;
/** Wider tables are told row by row, one figure per line. */
const LEAST_WIDTH = 60;

/** A report for a terminal of so many columns: verdict, a chart of right answers, tables. Plain text, line by line. */
export function textReport(report: SuiteReport, columns: number): string {
  const { suite, trials, cases, verdict, teams } = report;
  return [
    `Evaluation: ${oneLine(suite)}. ${trials} trials on ${cases} cases.`,
    verdict.map((sentence) => wrapped(sentence, columns, '• ')).join('\n'),
    `Right answers\n${chart(teams)}`,
    ...reportTables(report).map((table) => tableText(table, columns)),
    wrapped(NOTES, columns, ''),
    '',
  ].join('\n\n');
}

/** A bar per line, `├─┤` for its interval where that fits, `◆` for the oracle. */
function chart(teams: readonly TeamReport[]): string {
  const width = Math.max(0, ...teams.map(({ team }) => oneLine(team).length));
  const rows = teams.map(({ team, right, lines }) => {
    const cells = Array.from({ length: BAR + 1 }, () => ' ');
    const at = (share: number): number => Math.round(share * BAR);
    for (let i = 0; i < at(right.share ?? 0); i += 1) cells[i] = '█';
    if (right.interval) {
      for (let i = at(right.interval.low); i <= at(right.interval.high); i += 1)
        cells[i] = cells[i] === '█' ? '▓' : '─';
    }
    if (lines.oracle.share !== null) cells[at(lines.oracle.share)] = '◆';
    const share = right.share === null ? '–' : `${(right.share * 100).toFixed(1)} %`;
    return `${oneLine(team).padEnd(width)}  ${cells.join('')} ${share}`;
  });
  return [...rows, `${' '.repeat(width)}  0 %${'50 %'.padStart(BAR / 2)}${'100 %'.padStart(BAR / 2)}`, LEGEND].join(
    '\n',
  );
}

const LEGEND = '█ right   ▓─ 95 % interval   ◆ oracle: an answer in the pool was right';

function tableText({ title, head, rows }: ReportTable, columns: number): string {
  const all = [head, ...rows].map((row) => row.map(oneLine));
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total > Math.max(columns, LEAST_WIDTH)) return `${title}\n${listed(head, rows)}`;
  const lines = all.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [title, lines[0], '─'.repeat(total), ...lines.slice(1)].join('\n');
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

function wrapped(text: string, columns: number, mark: string): string {
  const width = Math.max(LEAST_WIDTH, columns) - mark.length;
  const lines: string[] = [''];
  for (const word of oneLine(text).split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line, index) => `${index === 0 ? mark : ' '.repeat(mark.length)}${line}`).join('\n');
}
