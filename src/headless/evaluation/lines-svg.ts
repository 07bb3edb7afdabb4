import type { TeamReport } from '../../evaluation/report/report-team.ts';
import { escapeHtml } from '../escape-html.ts';

const WAYS: readonly (readonly [name: string, of: (team: TeamReport) => number | null])[] = [
  ['mean agent alone', ({ lines }) => lines.meanSingle],
  ['best agent alone', ({ lines }) => lines.bestSingle?.right.share ?? null],
  ['majority of first drafts', ({ lines }) => lines.majority.share],
  ['plurality', ({ lines }) => lines.byRule.plurality.share],
  ['approval', ({ lines }) => lines.byRule.approval.share],
  ['Borda', ({ lines }) => lines.byRule.borda.share],
  ['Copeland', ({ lines }) => lines.byRule.copeland.share],
  ['as run', ({ right }) => right.share],
  ['oracle', ({ lines }) => lines.oracle.share],
];

const [WIDTH, LEFT, RIGHT, ROW] = [560, 160, 24, 24];
const COLORS = 8;
const [LEGEND_COLUMNS, LEGEND_ROW] = [4, 20];

const NAME = 16;

function shortName(name: string): string {
  return name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name;
}

/** Shares of right answers by the way in which the same answers and ballots are chosen from: a row per way, a dot per team. */
export function linesSvg(teams: readonly TeamReport[]): string {
  const x = (share: number): number => LEFT + share * (WIDTH - LEFT - RIGHT);
  const top = 12 + Math.ceil(teams.length / LEGEND_COLUMNS) * LEGEND_ROW;
  const height = top + WAYS.length * ROW + 44;
  const color = (index: number): string => `team${index % COLORS}`;
  const legend = teams.map(({ team }, index) => {
    const at = 20 + (index % LEGEND_COLUMNS) * ((WIDTH - 20) / LEGEND_COLUMNS);
    const y = 12 + Math.floor(index / LEGEND_COLUMNS) * LEGEND_ROW;
    return `<circle class="${color(index)}" cx="${at}" cy="${y}" r="5"/><text class="name" x="${at + 9}" y="${y + 4}">${escapeHtml(shortName(team))}</text>`;
  });
  const rows = WAYS.map(([name, of], row) => {
    const y = top + row * ROW + ROW / 2;
    const dots = teams.map((team, index) => {
      const share = of(team);
      if (share === null) return '';
      const about = `${team.team}, ${name}: ${(share * 100).toFixed(1)} %`;
      return `<circle class="${color(index)}" cx="${x(share).toFixed(1)}" cy="${(y + ((index % COLORS) - (Math.min(COLORS, teams.length) - 1) / 2) * (12 / COLORS)).toFixed(1)}" r="4"><title>${escapeHtml(about)}</title></circle>`;
    });
    return `<text class="name" x="${LEFT - 12}" y="${y + 4}" text-anchor="end">${name}</text><line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/>${dots.join('')}`;
  });
  const ticks = [0, 0.5, 1].map(
    (share) => `<text class="tick" x="${x(share)}" y="${height - 24}" text-anchor="middle">${share * 100} %</text>`,
  );
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="right answers by the way to choose">${legend.join('')}${rows.join('')}${ticks.join('')}<text class="tick" x="${x(0.5)}" y="${height - 6}" text-anchor="middle">right answers by the way to choose</text></svg>`;
}
