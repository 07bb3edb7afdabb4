import { paretoFront } from '../statistics/pareto-front.ts';
import type { TrialRecord } from '../trials/trial-record.ts';
import { compareAll, type Comparison } from './compare-teams.ts';
import { reportTeam, type TeamReport } from './report-team.ts';
import { verdictOn } from './verdict.ts';

/** Everything that `massgen eval report` tells, made from the records alone. */
export interface SuiteReport {
  suite: string;
  trials: number;
  cases: number;
  /** In the order in which they first stand in the records. */
  teams: TeamReport[];
  /** Every team with every other, once. */
  comparisons: Comparison[];
  /** Teams that no other beats in both accuracy and tokens, cheapest first. */
  front: string[];
  /** Plain sentences, the most important first. */
  verdict: string[];
}

/** Pure. */
export function reportSuite(suite: string, records: readonly TrialRecord[]): SuiteReport {
  const names = [...new Set(records.map(({ team }) => team))];
  const teams = names.flatMap((name) => reportTeam(name, records) ?? []);
  const comparisons = compareAll(teams, records);
  const points = teams.map(({ team, tokens, right }) => ({ team, cost: tokens, gain: right.share ?? 0 }));
  return {
    suite,
    trials: records.length,
    cases: new Set(records.map(({ item }) => item)).size,
    teams,
    comparisons,
    front: paretoFront(points).map(({ team }) => team),
    verdict: verdictOn(teams, comparisons),
  };
}
