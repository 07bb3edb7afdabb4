/** How a team works together. Recorded in `run.started`, so that a log alone says by which rules its run was decided. */
export interface CoordinationSettings {
  votingRule: VotingRule;
  tieBreak: TieBreak;
  /** False leaves a ballot out whose first choice is its voter's own answer. Self-votes are reported either way. */
  countSelfVotes: boolean;
  /** How a new answer reaches agents that are judging: see `docs/coordination.md`. */
  updates: UpdateMode;
  /** Accepted answers per agent; null is unlimited. */
  maxAnswersPerAgent: number | null;
  /** Refused or missing workflow calls that an agent may repair in one turn before it fails or abstains. */
  maxProtocolRetries: number;
  /** Model calls in one turn that used tools and neither answered nor voted. */
  maxToolRounds: number;
  finalAnswer: FinalAnswerMode;
  /** How much a new answer must differ from those its author saw. */
  novelty: Strictness;
  /** How demanding judges are asked to be. */
  sensitivity: Strictness;
  /** From the start of the run; null is no limit. */
  timeoutMs: number | null;
}

export type VotingRule = 'copeland' | 'borda' | 'plurality' | 'approval';
export type TieBreak = 'earliest-answer' | 'registration' | 'fewest-tokens' | 'random';
export type UpdateMode = 'inject' | 'restart' | 'finish-then-judge';
export type FinalAnswerMode = 'present' | 'reuse' | 'synthesize';
export type Strictness = 'lenient' | 'balanced' | 'strict';

export const DEFAULT_SETTINGS: CoordinationSettings = {
  votingRule: 'copeland',
  tieBreak: 'earliest-answer',
  countSelfVotes: true,
  updates: 'inject',
  maxAnswersPerAgent: 2,
  maxProtocolRetries: 2,
  maxToolRounds: 50,
  finalAnswer: 'present',
  novelty: 'lenient',
  sensitivity: 'lenient',
  timeoutMs: 1_800_000,
};
