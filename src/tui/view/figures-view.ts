import type { RunReport } from '../../sessions/run-report.ts';
import { style } from '../theme/style.ts';
import { formatCost, formatCount, formatDuration, plural } from './format.ts';
import { span, type Line } from './line.ts';
import { behind, wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');
const LABEL = 16;

/** How the run came to its answer, in figures; what each means stands beside it. */
export function figureLines({ statistics: s }: RunReport, width: number): Line[] {
  const rows: [string, string, string][] = [
    ['answers', plural(s.answers, 'version'), `${s.revisions} of them improved an earlier one`],
    ['votes', plural(s.ballots, 'ballot'), `${s.voidBallots} void`],
  ];
  const { agreement } = s;
  if (agreement) {
    const { selfVoteRate, firstChoiceKappa, rankingConcordance, margin } = agreement;
    if (selfVoteRate !== null) rows.push(['self-votes', percent(selfVoteRate), 'of the ballots name the voter itself']);
    if (firstChoiceKappa !== null)
      rows.push(['kappa', two(firstChoiceKappa), 'agreement of first choices: 1 all agree, 0 chance']);
    if (rankingConcordance !== null) rows.push(['W', two(rankingConcordance), 'agreement of rankings: 1 all equal']);
    if (margin !== null) rows.push(['margin', two(margin), 'lead over the second, in points of the rule']);
  }
  if (s.tieBrokenBy !== null) rows.push(['tie', s.tieBrokenBy.replaceAll('-', ' '), 'decided between equal answers']);
  const waste = s.tokens === 0 ? '' : `, ${percent(s.wastedTokens / s.tokens)}`;
  rows.push(['wasted', `${formatCount(s.wastedTokens)} tok${waste}`, 'paid for and led to nothing']);
  rows.push(['refused', plural(s.refusedCalls, 'call'), `${plural(s.failedRequests, 'request')} failed`]);
  for (const [label, milestone] of [
    ['first answer', s.firstAnswer],
    ['consensus', s.consensus],
    ['final answer', s.finalAnswer],
  ] as const) {
    if (!milestone) continue;
    const cost = milestone.cost === null ? '' : `, ${formatCost(milestone.cost)}`;
    rows.push([label, `after ${formatDuration(milestone.afterMs)}`, `${formatCount(milestone.tokens)} tokens${cost}`]);
  }
  const size = Math.max(...rows.map(([, value]) => value.length)) + 2;
  const lines: Line[] = [[], [span('how it came to the answer', style('heading', ['bold']))], []];
  for (const [label, value, meaning] of rows) {
    const told = wrappedLines(meaning, Math.max(12, Math.min(width, 110) - LABEL - size), DIM);
    lines.push(...behind(span(label.padEnd(LABEL), DIM), behind(span(value.padEnd(size), FG), told)));
  }
  return lines;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function two(figure: number): string {
  return String(Number(figure.toFixed(2)));
}
