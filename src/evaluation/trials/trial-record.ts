import type { Alias, AnswerLabel, EventData, RunOutcome } from '../../events/event.ts';
import type { Cost, Usage } from '../../events/usage.ts';
import type { TallyInput } from '../../voting/tally-input.ts';
import type { Grade } from '../graders/grade-exactly.ts';

/** What came of one trial. One line of `results.jsonl`; reports are made from these alone. */
export interface TrialRecord {
  v: 1;
  key: string;
  team: string;
  item: string;
  kind: string;
  seed: number;
  /** The run and its folder; empty where it could not be started. */
  run: string;
  dir: string;
  outcome: RunOutcome;
  /** Why there is no answer; empty where there is one. */
  problem: string;
  /** Of the presented answer; null where there is none, which counts as wrong. */
  final: Grade | null;
  agents: TrialAgent[];
  /** How points of view were made for the agents of a team, or `none`; absent for one agent. */
  personas?: string;
  /** Every version of every answer, oldest first. */
  answers: TrialAnswer[];
  ballots: TrialBallot[];
  winner: AnswerLabel | null;
  rule: EventData['winner.chosen']['rule'] | null;
  wasTie: boolean;
  /** How the team's votes are counted; absent in records of older versions. */
  voting?: Pick<TallyInput, 'tieBreak' | 'countSelfVotes' | 'seed'>;
  usage: Usage;
  cost: Cost;
  /** What judging the answers took besides; absent where nobody had to be asked. */
  judging?: Spending;
  requests: number;
  wastedTokens: number;
  durationMs: number;
}

export interface Spending {
  usage: Usage;
  cost: Cost;
}

export interface TrialAgent {
  alias: Alias;
  /** As in the config: what agents are told apart by across trials. */
  id: string;
  type: string;
  model: string;
  usage: Usage;
}

export interface TrialAnswer {
  label: AnswerLabel;
  alias: Alias;
  isCurrent: boolean;
  chars: number;
  /** What its author had used when it was handed in; absent in records of older versions. */
  tokens?: number;
  grade: Grade;
  /** What the answer comes to, so that equal ones can be counted; the text after the last `Answer:`. */
  value: string;
}

export interface TrialBallot {
  voter: Alias;
  ranking: AnswerLabel[];
  /** The answers in the order in which the voter saw them. */
  view: AnswerLabel[];
  isCounting: boolean;
}
