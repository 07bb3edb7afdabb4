import type { SuiteReport } from '../../evaluation/report/report-suite.ts';
import type { TeamReport } from '../../evaluation/report/report-team.ts';
import { isFigures, NOTES, reportTables, type ReportTable } from '../../evaluation/report/tables.ts';
import { escapeHtml } from '../escape-html.ts';
import { htmlPage } from '../html-page.ts';
import { evenTop } from './axis.ts';
import { linesSvg } from './lines-svg.ts';
import { plotSvg, type PlotPoint } from './plot-svg.ts';

/** The report as a page, with plots. */
export function htmlReport(report: SuiteReport): string {
  const { suite, trials, cases, verdict, teams, front } = report;
  const point = (team: TeamReport, x: number): PlotPoint => ({
    name: team.team,
    x,
    y: team.right.share ?? 0,
    low: team.right.interval?.low ?? null,
    high: team.right.interval?.high ?? null,
    isOnFront: front.includes(team.team),
  });
  const sizes = new Set(teams.map(({ agentCount }) => agentCount));
  const isPriced = teams.every(({ isCostComplete }) => isCostComplete) && teams.some(({ usd }) => usd > 0);
  const plots = [
    plotSvg(
      teams.map((team) => point(team, team.tokens)),
      'right answers over tokens per trial',
    ),
    ...(isPriced
      ? [
          plotSvg(
            teams.map((team) => point(team, team.usd)),
            'right answers over USD per trial',
          ),
        ]
      : []),
    ...(sizes.size > 1
      ? [
          plotSvg(
            teams.map((team) => ({ ...point(team, team.agentCount), isOnFront: false })),
            'right answers over agents',
            evenTop,
          ),
        ]
      : []),
    linesSvg(teams),
  ];
  const body = `<p class="note">${trials} trials on ${cases} cases.</p>
<ul class="verdict">${verdict.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>
<div class="plots">
${plots.map((plot) => `<figure>${plot}</figure>`).join('\n')}
</div>
${reportTables(report).map(tableHtml).join('\n')}
<p class="note">${escapeHtml(NOTES)}</p>`;
  return htmlPage(`Evaluation: ${suite}`, STYLE, body);
}

function tableHtml(table: ReportTable): string {
  const { title, head, rows } = table;
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell, column) => `<${tag}${isFigures(table, column) ? '' : ' class="word"'}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<h2>${escapeHtml(title)}</h2>
<div class="wide"><table><thead>${line(head, 'th')}</thead><tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody></table></div>`;
}

const STYLE = `
:root { color-scheme: light dark; --fg: #20242c; --dim: #5a6270; --bg: #fff; --line: #d5dae2; --mark: #0b62a3; --front: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --fg: #d6dae2; --dim: #9aa2b1; --bg: #15171c; --line: #333a46; --mark: #7dc0ff; --front: #6ed889; } }
body { margin: 0; background: var(--bg); color: var(--fg); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 84rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.note, .verdict { max-width: 60rem; } .note { color: var(--dim); } .verdict { padding-left: 1.2rem; font-size: 1.05rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(27rem, 100%), 1fr)); gap: 1.5rem 2rem; margin: 1.5rem 0; }
figure { margin: 0; } svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; }
.grid { stroke: var(--line); } .tick { fill: var(--dim); } .name { fill: var(--fg); }
.point { fill: var(--mark); } .front { fill: var(--front); } .bar { stroke: var(--dim); stroke-width: 2; opacity: .5; }
.team0 { fill: var(--mark); } .team1 { fill: var(--front); } .team2 { fill: #c46a10; } .team3 { fill: #b34f90; }
.team4 { fill: #d0453e; } .team5 { fill: #1f9a9a; } .team6 { fill: #8a8d1f; } .team7 { fill: #7b828e; }
.path { fill: none; stroke: var(--front); stroke-dasharray: 4 4; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
th, td { padding: .25rem .6rem; text-align: right; vertical-align: bottom; border-bottom: 1px solid var(--line); }
td:not(.word) { white-space: nowrap; }
.word { text-align: left; } th { color: var(--dim); font-weight: 600; }
`;
