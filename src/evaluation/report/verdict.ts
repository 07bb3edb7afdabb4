import { ALPHA, type Comparison } from './compare-teams.ts';
import type { TeamReport } from './report-team.ts';

/** What the figures mean for somebody who has to choose a team. Never claims more than the trials show. */
export function verdictOn(teams: readonly TeamReport[], comparisons: readonly Comparison[]): string[] {
  if (teams.length === 0) return ['There is no result yet.'];
  const best = teams.toSorted((a, b) => (b.right.share ?? 0) - (a.right.share ?? 0) || a.tokens - b.tokens)[0];
  if (!best) return [];
  const cheaper = teams
    .filter((team) => team !== best && team.tokens < best.tokens)
    .toSorted((a, b) => a.tokens - b.tokens);
  const rival = cheaper.find((team) => !isFound(comparisonOf(comparisons, best, team)));
  return [
    ...(teams.length === 1
      ? [aloneWords(best)]
      : rival
        ? [rivalWords(best, rival, comparisons)]
        : [bestWords(best, teams, comparisons)]),
    ...compared(best, rival ?? nextTo(best, teams)).flatMap(gapWords),
    ...revisionWords(best),
  ];
}

/** The best of the others. */
function nextTo(best: TeamReport, teams: readonly TeamReport[]): TeamReport | undefined {
  return teams.filter((team) => team !== best).toSorted((a, b) => (b.right.share ?? 0) - (a.right.share ?? 0))[0];
}

function compared(best: TeamReport, other: TeamReport | undefined): TeamReport[] {
  return other ? [best, other] : [best];
}

/** As the first of the pair sees it. */
function comparisonOf(comparisons: readonly Comparison[], first: TeamReport, second: TeamReport): Comparison | null {
  const straight = comparisons.find((each) => each.first === first.team && each.second === second.team);
  if (straight) return straight;
  const turned = comparisons.find((each) => each.first === second.team && each.second === first.team);
  if (!turned) return null;
  const { interval } = turned;
  return {
    ...turned,
    first: first.team,
    second: second.team,
    onlyFirst: turned.onlySecond,
    onlySecond: turned.onlyFirst,
    difference: -turned.difference,
    interval: interval && { low: -interval.high, high: -interval.low },
    tokens: turned.tokens === null ? null : 1 / turned.tokens,
    usd: turned.usd === null ? null : 1 / turned.usd,
  };
}

/** The test counts every seed; the interval, which is drawn over cases, must leave no difference out as well. */
function isFound(comparison: Comparison | null): boolean {
  if (comparison === null || comparison.pCorrected >= ALPHA) return false;
  const { interval } = comparison;
  return interval === null || interval.low > 0 || interval.high < 0;
}

function aloneWords({ team, right, lines, agentCount }: TeamReport): string {
  const single = lines.bestSingle;
  const words = `${team} is right in ${percent(right.share)} of ${right.of} trials (95 %: ${range(right.interval)}).`;
  return single === null || agentCount < 2
    ? words
    : `${words} The first draft of ${single.id} alone is right in ${percent(single.right.share)}.`;
}

function rivalWords(best: TeamReport, rival: TeamReport, comparisons: readonly Comparison[]): string {
  const found = comparisonOf(comparisons, best, rival);
  if (!found) return `${rival.team} and ${best.team} have no trial in common, so they cannot be compared.`;
  const needed =
    found.needed === null
      ? ''
      : ` To tell a difference of ${points(found.difference)} points from chance takes about ${found.needed} trials; there are ${found.trials}.`;
  return `${named(rival)} does as well as ${best.team}${takesWords(rival, best)}, as far as these trials show: ${leadWords(best, found)}.${needed}`;
}

function bestWords(best: TeamReport, teams: readonly TeamReport[], comparisons: readonly Comparison[]): string {
  const next = nextTo(best, teams);
  const found = next ? comparisonOf(comparisons, best, next) : null;
  if (!next || !found) return aloneWords(best);
  const taken = takesWords(best, next);
  return isFound(found)
    ? `${best.team} is ahead of ${next.team} by ${pointWords(found)}${taken}.`
    : `${named(best)} does at least as well as ${next.team}${taken}, as far as these trials show: ${leadWords(best, found)}.`;
}

function named({ team, agentCount }: TeamReport): string {
  return agentCount === 1 ? `One agent (${team})` : team;
}

function leadWords({ team }: TeamReport, found: Comparison): string {
  return found.difference === 0
    ? `both are right in as many of ${found.trials} trials (95 % of the difference: ${pointRange(found.interval)})`
    : `${team} is ahead by ${pointWords(found)}`;
}

function pointWords({ difference, interval, pCorrected, pairs }: Comparison): string {
  const corrected = pairs > 1 ? ` after correction for ${pairs} pairs` : '';
  return `${points(difference)} points (95 %: ${pointRange(interval)}, p ${pWords(pCorrected)}${corrected})`;
}

/** What the first one takes of what the other one takes; the cost where both prices are known. */
function takesWords(team: TeamReport, other: TeamReport): string {
  const isPriced = team.isCostComplete && other.isCostComplete && team.usd > 0;
  const parts = [
    ratioWords(team.tokens, other.tokens, 'tokens'),
    isPriced ? ratioWords(team.usd, other.usd, 'cost') : '',
  ];
  const words = parts.filter((part) => part !== '').join(' and ');
  return words === '' ? '' : ` at ${words}`;
}

function ratioWords(value: number, other: number, what: string): string {
  if (other === 0) return '';
  const ratio = value / other;
  return ratio < 1 ? `${percent(ratio)} of its ${what}` : `${ratio.toFixed(1)} times its ${what}`;
}

function gapWords({ team, right, lines, agentCount }: TeamReport): string[] {
  const gap = (lines.oracle.share ?? 0) - (right.share ?? 0);
  if (agentCount < 2 || gap <= 0) return [];
  return [
    `In ${percent(gap)} of its trials ${team} had a right answer and did not choose it: the vote, not the agents, loses them.`,
  ];
}

function revisionWords({ flips, team }: TeamReport): string[] {
  if (flips.revisions === 0 || flips.toWrong <= flips.toRight) return [];
  return [
    `Revisions in ${team} made ${flips.toWrong} right answers wrong and ${flips.toRight} wrong ones right: fewer rounds may do better.`,
  ];
}

export function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

/** A difference of shares, in points. */
export function points(difference: number): string {
  return (difference * 100).toFixed(1);
}

function range(interval: { low: number; high: number } | null): string {
  return interval === null ? 'unknown' : `${percent(interval.low)} to ${percent(interval.high)}`;
}

function pointRange(interval: { low: number; high: number } | null): string {
  return interval === null ? 'unknown' : `${points(interval.low)} to ${points(interval.high)}`;
}

export function pWords(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`;
}
