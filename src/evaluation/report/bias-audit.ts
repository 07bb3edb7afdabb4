import { pearsonR } from '../statistics/pearson-r.ts';
import type { TrialAnswer, TrialBallot, TrialRecord } from '../trials/trial-record.ts';
import { pool } from './count-anew.ts';
import { mean, shareOf, type Share } from './share.ts';

/**
 * Whether votes follow something else than what an answer says. `expected` is what blind chance gives on the same
 * ballots; a share far above it is a bias, or a reason to look.
 */
export interface BiasAudit {
  /** Ballots for the voter's own answer. */
  self: Measured;
  /** Ballots for the answer that the voter saw first. */
  firstSeen: Measured;
  /** Ballots for another agent of the voter's own vendor, of the ballots that go to another agent. */
  sameVendor: Measured;
  /** Runs that the answer won which got the first ballot. */
  firstVoted: Measured;
  /** Correlation of an answer's length with the share of ballots that it got; null where neither differs. */
  length: number | null;
}

export interface Measured {
  found: Share;
  /** 0 to 1; null of nothing. */
  expected: number | null;
}

/** Pure. Ballots that became void count too: they were cast by the same voters. */
export function auditBias(all: readonly TrialRecord[]): BiasAudit {
  const records = all.map(asCounted);
  const cast = records.flatMap((record) => record.ballots.flatMap((ballot) => lookAt(record, ballot)));
  const toOthers = cast.filter(({ isOwn, hasKin }) => !isOwn && hasKin);
  const opened = records.flatMap(openingOf);
  return {
    self: measure(
      cast.filter(({ hasOwn }) => hasOwn),
      ({ isOwn }) => isOwn,
      ({ count }) => 1 / count,
    ),
    firstSeen: measure(
      cast,
      ({ isFirstSeen }) => isFirstSeen,
      ({ count }) => 1 / count,
    ),
    sameVendor: measure(
      toOthers,
      ({ isKin }) => isKin,
      ({ kinShare }) => kinShare,
    ),
    firstVoted: measure(
      opened,
      ({ hasWon }) => hasWon,
      ({ count }) => 1 / count,
    ),
    length: pearsonR(records.flatMap(lengthsAndVotes)),
  };
}

function measure<T>(items: readonly T[], isHit: (item: T) => boolean, chance: (item: T) => number): Measured {
  return { found: shareOf(items.map(isHit)), expected: mean(items.map(chance)) };
}

interface Cast {
  /** Answers that could be voted for. */
  count: number;
  hasOwn: boolean;
  isOwn: boolean;
  isFirstSeen: boolean;
  /** Whether there were answers of others of the voter's vendor, and of other vendors. */
  hasKin: boolean;
  isKin: boolean;
  kinShare: number;
}

/** Where votes for oneself do not count, they are no choice: a ballot goes to the first answer of another that it names. */
function asCounted(record: TrialRecord): TrialRecord {
  const { answers, ballots, voting } = record;
  if (voting?.countSelfVotes !== false) return record;
  const withoutOwn = (labels: readonly string[], voter: string): string[] =>
    labels.filter((label) => answers.find((answer) => answer.label === label)?.alias !== voter);
  return {
    ...record,
    ballots: ballots.map((ballot) => ({
      ...ballot,
      ranking: withoutOwn(ballot.ranking, ballot.voter),
      view: withoutOwn(ballot.view, ballot.voter),
    })),
  };
}

/** Nothing for a ballot of the user, or one that had no choice. */
function lookAt({ agents, answers }: TrialRecord, { voter, ranking, view }: TrialBallot): Cast[] {
  const vendorOf = (alias: string): string | undefined => agents.find((agent) => agent.alias === alias)?.type;
  const authorOf = (label: string): string => answers.find((answer) => answer.label === label)?.alias ?? '';
  const [choice] = ranking;
  if (choice === undefined || view.length < 2 || vendorOf(voter) === undefined) return [];
  const others = view.map(authorOf).filter((alias) => alias !== voter);
  const kin = others.filter((alias) => vendorOf(alias) === vendorOf(voter));
  return [
    {
      count: view.length,
      hasOwn: others.length < view.length,
      isOwn: authorOf(choice) === voter,
      isFirstSeen: view[0] === choice,
      hasKin: kin.length > 0 && kin.length < others.length,
      isKin: kin.includes(authorOf(choice)),
      kinShare: others.length === 0 ? 0 : kin.length / others.length,
    },
  ];
}

function openingOf({ ballots, winner }: TrialRecord): { hasWon: boolean; count: number }[] {
  const counting = ballots.filter(({ isCounting }) => isCounting);
  const [first] = counting;
  if (!first || winner === null || counting.length < 2) return [];
  return [{ hasWon: first.ranking[0] === winner, count: first.view.length }];
}

function lengthsAndVotes(record: TrialRecord): [number, number][] {
  const counting = record.ballots.filter(({ isCounting }) => isCounting);
  const answers = pool(record);
  if (counting.length === 0 || answers.length < 2) return [];
  const meanChars = mean(answers.map(({ chars }) => chars)) ?? 0;
  const votes = ({ label }: TrialAnswer): number => counting.filter(({ ranking }) => ranking[0] === label).length;
  return answers.map((answer) => [meanChars === 0 ? 0 : answer.chars / meanChars, votes(answer) / counting.length]);
}
