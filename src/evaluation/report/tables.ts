import type { Comparison } from './compare-teams.ts';
import type { Measured } from './bias-audit.ts';
import type { SuiteReport } from './report-suite.ts';
import type { TeamReport } from './report-team.ts';
import type { Share } from './share.ts';
import { percent, points, pWords } from './verdict.ts';

/** A part of a report: rows of text below a title. The first column names what a row is about. */
export interface ReportTable {
  title: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/** No team that is called "3 agents". */
const FIGURES = /^(?:(?:[×<] |at least )?-?\d[\d.]*(?: %)?(?: to -?\d[\d.]*(?: %)?)?(?: \(.*\))?|–|unknown)?$/;

/** Whether the cells of a column are figures, which stand at the right; words and names stand at the left. */
export function isFigures({ rows }: ReportTable, column: number): boolean {
  return column > 0 && rows.every((row) => FIGURES.test(row[column] ?? '')) && rows.some((row) => row[column] !== '');
}

/** All figures of a report as text, in the order in which they are told. */
export function reportTables(report: SuiteReport): ReportTable[] {
  const { teams, comparisons } = report;
  return [
    { title: 'Teams', ...teamTable(report) },
    { title: 'What the same answers and ballots would have come to', ...linesTable(teams) },
    { title: 'Pairs', ...pairTable(comparisons) },
    { title: 'Right by kind of question', ...kindTable(teams) },
    { title: 'Agents', ...agentTable(teams) },
    { title: 'What votes may follow besides the answers', ...biasTable(teams) },
    { title: 'Trials without an answer', ...problemTable(teams) },
  ].filter(({ rows }) => rows.length > 0);
}

type Body = Omit<ReportTable, 'title'>;

export const NOTES = [
  'Intervals are at 95 %: of shares by Wilson, where seeds of one case count for as much as they differ, of differences by bootstrap over cases.',
  'p is of McNemar’s exact test on trials. Of several pairs one may differ by chance, so what counts is p corrected by Holm’s method; a difference counts as found where it is below 0.05 and the interval leaves 0 out.',
  'Oracle: an answer in the pool was right. What an agent is worth: points that the vote loses without it.',
].join(' ');

function teamTable({ teams, front }: SuiteReport): Body {
  return table(
    ['team', 'agents', 'right', '95 %', 'tokens', 'USD', 'seconds', 'calls', 'wasted', 'on the front'],
    teams.map((team) => [
      team.team,
      String(team.agentCount),
      percent(team.right.share),
      intervalOf(team.right),
      team.tokens.toFixed(0),
      dollars(team),
      (team.durationMs / 1000).toFixed(1),
      team.requests.toFixed(1),
      percent(team.wasted),
      front.includes(team.team) ? 'yes' : '',
    ]),
  );
}

/** Tokens without a known price are no $0. */
export function dollars({ usd, isCostComplete, tokens }: TeamReport): string {
  // A table's cell has no sign of dollars; little is not nothing.
  const figure = usd < 0.00005 ? '< 0.0001' : usd.toFixed(4);
  if (!isCostComplete) return usd < 0.00005 ? 'unknown' : `at least ${figure}`;
  return tokens === 0 || usd === 0 ? '–' : figure;
}

function linesTable(teams: readonly TeamReport[]): Body {
  return table(
    [
      'team',
      'as run',
      'oracle',
      'gap',
      'best agent alone',
      'mean agent',
      'majority',
      'Copeland',
      'Borda',
      'plurality',
      'approval',
    ],
    teams.map(({ team, right, lines }) => [
      team,
      percent(right.share),
      percent(lines.oracle.share),
      percent((lines.oracle.share ?? 0) - (right.share ?? 0)),
      lines.bestSingle ? `${percent(lines.bestSingle.right.share)} (${lines.bestSingle.id})` : '–',
      percent(lines.meanSingle),
      percent(lines.majority.share),
      ...(['copeland', 'borda', 'plurality', 'approval'] as const).map((rule) => percent(lines.byRule[rule].share)),
    ]),
  );
}

function pairTable(comparisons: readonly Comparison[]): Body {
  const isCorrected = comparisons.length > 1;
  return table(
    ['first', 'second', 'trials', 'only first', 'only second', 'points', '95 %', 'p'].concat(
      isCorrected ? ['p (Holm)'] : [],
      ['tokens', 'trials needed'],
    ),
    comparisons.map((pair) => [
      pair.first,
      pair.second,
      String(pair.trials),
      String(pair.onlyFirst),
      String(pair.onlySecond),
      points(pair.difference),
      pair.interval ? `${points(pair.interval.low)} to ${points(pair.interval.high)}` : '–',
      pWords(pair.p).replace('= ', ''),
      ...(isCorrected ? [pWords(pair.pCorrected).replace('= ', '')] : []),
      pair.tokens === null ? '–' : `× ${pair.tokens.toFixed(2)}`,
      pair.needed === null ? '–' : String(pair.needed),
    ]),
  );
}

function kindsOf(teams: readonly TeamReport[]): string[] {
  return [...new Set(teams.flatMap(({ byKind }) => Object.keys(byKind)))].toSorted();
}

function kindTable(teams: readonly TeamReport[]): Body {
  const kinds = kindsOf(teams);
  if (kinds.length < 2) return table(kinds, []);
  return table(
    ['team', ...kinds],
    teams.map(({ team, byKind }) => [team, ...kinds.map((kind) => percent(byKind[kind]?.share ?? null))]),
  );
}

function agentTable(teams: readonly TeamReport[]): Body {
  return table(
    ['team', 'agent', 'model', 'alone', '95 %', 'points it is worth'],
    teams.flatMap(({ team, agents }) =>
      agents.map(({ id, model, alone, isWorth }) => [
        team,
        id,
        model,
        percent(alone.share),
        intervalOf(alone),
        isWorth === null ? '–' : points(isWorth),
      ]),
    ),
  );
}

function biasTable(teams: readonly TeamReport[]): Body {
  return table(
    [
      'team',
      'own answer',
      'first seen',
      'own vendor',
      'first ballot wins',
      'length (r)',
      'ties',
      'revisions (→ right, → wrong)',
    ],
    teams.map(({ team, bias, ties, flips }) => [
      team,
      ...[bias.self, bias.firstSeen, bias.sameVendor, bias.firstVoted].map(againstChance),
      bias.length === null ? '–' : bias.length.toFixed(2),
      percent(ties.share),
      `${flips.revisions} (${flips.toRight}, ${flips.toWrong})`,
    ]),
  );
}

function againstChance({ found, expected }: Measured): string {
  return found.share === null ? '–' : `${percent(found.share)} (chance ${percent(expected)})`;
}

function problemTable(teams: readonly TeamReport[]): Body {
  return table(
    ['team', 'trials', 'reason'],
    teams.flatMap(({ team, problems }) =>
      Object.entries(problems).map(([problem, count]) => [team, String(count), problem]),
    ),
  );
}

function intervalOf({ interval }: Share): string {
  return interval === null ? '–' : `${percent(interval.low)} to ${percent(interval.high)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): Body {
  return { head, rows };
}
