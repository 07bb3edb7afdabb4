import type { Alias } from '../../events/event.ts';
import type { VotingRule } from '../../events/settings.ts';
import { tally } from '../../voting/tally.ts';
import type { TrialAnswer, TrialRecord } from '../trials/trial-record.ts';

export const RULES: readonly VotingRule[] = ['copeland', 'borda', 'plurality', 'approval'];

/** Of records that do not tell how votes were counted. */
const AS_USUAL = { tieBreak: 'earliest-answer', countSelfVotes: true, seed: 0 } as const;

/** The answers that could have been chosen: the last one of each agent. */
export function pool({ answers }: Pick<TrialRecord, 'answers'>): TrialAnswer[] {
  return answers.filter(({ isCurrent }) => isCurrent);
}

/** The first answer of each agent, written before it saw another one. */
export function drafts({ answers }: Pick<TrialRecord, 'answers'>): TrialAnswer[] {
  return answers.filter(({ alias }, index) => answers.findIndex((other) => other.alias === alias) === index);
}

/**
 * What the ballots of a trial would have chosen under another rule, or without one of the agents. The only answer where
 * nobody voted and there is one; null where there is nothing to choose by. Self-votes and ties count as in the trial.
 */
export function chooseAnew(record: TrialRecord, rule: VotingRule, without: Alias | null = null): TrialAnswer | null {
  const answers = pool(record).filter(({ alias }) => alias !== without);
  const labels = new Set(answers.map(({ label }) => label));
  const ballots = record.ballots.flatMap(({ voter, ranking, isCounting }) => {
    const left = ranking.filter((label) => labels.has(label));
    const [choice] = left;
    return isCounting && voter !== without && choice !== undefined ? [{ voter, choice, ranking: left }] : [];
  });
  const author = (alias: Alias): number => record.agents.findIndex((agent) => agent.alias === alias);
  const candidates = answers
    .map(({ label, alias, tokens = 0 }, seq) => ({ label, alias, seq, tokens }))
    .toSorted((a, b) => author(a.alias) - author(b.alias));
  const result = tally({ candidates, ballots, rule, ...(record.voting ?? AS_USUAL) });
  if (!result) return answers.length === 1 ? (answers[0] ?? null) : null;
  return answers.find(({ label }) => label === result.label) ?? null;
}

/** The answer that most agents have come to by themselves; ties go to the earliest. Null without answers. */
export function majority(record: TrialRecord): TrialAnswer | null {
  const answers = drafts(record);
  const count = (value: string): number => answers.filter((other) => other.value === value).length;
  let best: TrialAnswer | null = null;
  for (const answer of answers) if (!best || count(answer.value) > count(best.value)) best = answer;
  return best;
}
