import type { SuiteReport } from './report-suite.ts';
import { isFigures, NOTES, reportTables, type ReportTable } from './tables.ts';

/** A report as Markdown; every text of a config or a model is one cell of a table, without a sign that Markdown knows. */
export function markdownReport(report: SuiteReport): string {
  const { suite, trials, cases, verdict } = report;
  return [
    `# Evaluation: ${cell(suite)}`,
    `${trials} trials on ${cases} cases.`,
    verdict.map((sentence) => `- ${cell(sentence)}`).join('\n'),
    ...reportTables(report).flatMap((table) => [`## ${table.title}`, markdownTable(table)]),
    NOTES,
  ].join('\n\n');
}

function markdownTable(table: ReportTable): string {
  const { head, rows } = table;
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  const marks = head.map((_, index) => (isFigures(table, index) ? ' ---: ' : ' --- ')).join('|');
  return [line(head), `|${marks}|`, ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_|<>[\]#]/g, '\\$&');
}
