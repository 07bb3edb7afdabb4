import type { VotingRule } from '../../events/settings.ts';
import type { TrialRecord } from '../trials/trial-record.ts';
import { auditBias, type BiasAudit } from './bias-audit.ts';
import { chooseAnew, drafts, majority, pool, RULES } from './count-anew.ts';
import { mean, shareOf, shareOfGroups, type Share } from './share.ts';

/** What one team came to on the cases of a suite. Trials that came to no answer count as wrong. */
export interface TeamReport {
  team: string;
  /** Largest number of agents in a trial. */
  agentCount: number;
  right: Share;
  /** The right share by kind of question. */
  byKind: Record<string, Share>;
  /** Per trial: input and output tokens, USD, milliseconds, model calls. */
  tokens: number;
  usd: number;
  isCostComplete: boolean;
  durationMs: number;
  requests: number;
  /** Share of the tokens that no answer came of. */
  wasted: number;
  lines: Lines;
  /** Of each agent by its id in the config. */
  agents: AgentValue[];
  flips: Flips;
  ties: Share;
  bias: BiasAudit;
  /** Trials without an answer, by the reason. */
  problems: Record<string, number>;
}

/** What other ways to come to an answer would have brought, from the same texts and ballots. */
export interface Lines {
  /** At least one of the answers that could have been chosen is right. */
  oracle: Share;
  bestSingle: { id: string; right: Share } | null;
  /** The mean of the agents' own shares. */
  meanSingle: number | null;
  /** What most first drafts say. */
  majority: Share;
  byRule: Record<VotingRule, Share>;
}

export interface AgentValue {
  id: string;
  model: string;
  /** Of its first drafts. */
  alone: Share;
  /** Points of accuracy that the vote loses when its answers and ballots are left out; below 0 where it does better so. */
  isWorth: number | null;
}

/** What revisions did to answers. */
export interface Flips {
  revisions: number;
  toRight: number;
  toWrong: number;
}

/** Null for a team without records. Pure. */
export function reportTeam(team: string, all: readonly TrialRecord[]): TeamReport | null {
  const records = all.filter((record) => record.team === team);
  if (records.length === 0) return null;
  const tokens = records.reduce((sum, { usage }) => sum + usage.input + usage.output, 0);
  const wasted = records.reduce((sum, record) => sum + record.wastedTokens, 0);
  const kinds = [...new Set(records.map(({ kind }) => kind))].toSorted();
  return {
    team,
    agentCount: Math.max(...records.map(({ agents }) => agents.length)),
    right: rightOf(records),
    byKind: Object.fromEntries(kinds.map((kind) => [kind, rightOf(records.filter((each) => each.kind === kind))])),
    tokens: tokens / records.length,
    usd: records.reduce((sum, { cost }) => sum + cost.usd, 0) / records.length,
    isCostComplete: records.every(({ cost }) => cost.isComplete),
    durationMs: mean(records.map(({ durationMs }) => durationMs)) ?? 0,
    requests: mean(records.map(({ requests }) => requests)) ?? 0,
    wasted: tokens === 0 ? 0 : wasted / tokens,
    lines: linesOf(records),
    agents: agentsOf(records),
    flips: flipsOf(records),
    ties: shareOf(records.filter(({ winner }) => winner !== null).map(({ wasTie }) => wasTie)),
    bias: auditBias(records),
    problems: countProblems(records),
  };
}

export function isRight({ final }: TrialRecord): boolean {
  return final?.isRight === true;
}

function rightOf(records: readonly TrialRecord[]): Share {
  return shareBy(records, isRight);
}

/** Seeds of one case hang together. */
function shareBy(records: readonly TrialRecord[], isHit: (record: TrialRecord) => boolean): Share {
  return shareOfGroups(records.map((record) => ({ group: record.item, isHit: isHit(record) })));
}

function linesOf(records: readonly TrialRecord[]): Lines {
  const singles = singlesOf(records);
  const best = singles.toSorted((a, b) => (b.right.share ?? 0) - (a.right.share ?? 0))[0] ?? null;
  const byRule = RULES.map((rule) => [rule, shareBy(records, (each) => isGood(chooseAnew(each, rule)))] as const);
  return {
    oracle: shareBy(records, (record) => pool(record).some(({ grade }) => grade.isRight)),
    bestSingle: best,
    meanSingle: mean(singles.flatMap(({ right }) => right.share ?? [])),
    majority: shareBy(records, (record) => isGood(majority(record))),
    byRule: Object.fromEntries(byRule) as Record<VotingRule, Share>,
  };
}

function isGood(answer: { grade: { isRight: boolean } } | null): boolean {
  return answer?.grade.isRight === true;
}

/** An agent that handed in no draft was wrong. */
function singlesOf(records: readonly TrialRecord[]): { id: string; right: Share }[] {
  return idsOf(records).map((id) => {
    const found = records.flatMap((record) => {
      const agent = record.agents.find((each) => each.id === id);
      if (!agent) return [];
      const isHit = isGood(drafts(record).find(({ alias }) => alias === agent.alias) ?? null);
      return [{ group: record.item, isHit }];
    });
    return { id, right: shareOfGroups(found) };
  });
}

function idsOf(records: readonly TrialRecord[]): string[] {
  return [...new Set(records.flatMap(({ agents }) => agents.map(({ id }) => id)))];
}

function agentsOf(records: readonly TrialRecord[]): AgentValue[] {
  return singlesOf(records).map(({ id, right }) => {
    const model = records.flatMap(({ agents }) => agents).findLast((agent) => agent.id === id)?.model ?? '';
    const worth = records.flatMap((record) => {
      const alias = record.agents.find((agent) => agent.id === id)?.alias;
      if (alias === undefined || record.agents.length < 2) return [];
      const rule = RULES.find((known) => known === record.rule) ?? 'copeland';
      return [Number(isGood(chooseAnew(record, rule))) - Number(isGood(chooseAnew(record, rule, alias)))];
    });
    return { id, model, alone: right, isWorth: mean(worth) };
  });
}

function flipsOf(records: readonly TrialRecord[]): Flips {
  const flips: Flips = { revisions: 0, toRight: 0, toWrong: 0 };
  for (const { answers } of records) {
    for (const [index, { alias, grade }] of answers.entries()) {
      const before = answers.slice(0, index).findLast((answer) => answer.alias === alias);
      if (!before) continue;
      flips.revisions += 1;
      if (grade.isRight && !before.grade.isRight) flips.toRight += 1;
      if (!grade.isRight && before.grade.isRight) flips.toWrong += 1;
    }
  }
  return flips;
}

function countProblems(records: readonly TrialRecord[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { problem } of records) if (problem !== '') counts.set(problem, (counts.get(problem) ?? 0) + 1);
  return Object.fromEntries(counts);
}
