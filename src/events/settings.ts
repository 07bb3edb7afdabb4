/** How a team works together. Recorded in `run.started`, so that a log alone says by which rules its run was decided. */
export interface CoordinationSettings {
  votingRule: VotingRule;
  tieBreak: TieBreak;
  /** False leaves a ballot out whose first choice is its voter's own answer. Self-votes are reported either way. */
  countSelfVotes: boolean;
  /** How a new answer reaches agents that are judging: see `docs/coordination.md`. */
  updates: UpdateMode;
  /** How often an agent is told of new answers in one turn; after that it ends the turn with what it has seen. Null is no limit. */
  maxUpdatesPerTurn: number | null;
  /** Accepted answers per agent; null is unlimited. */
  maxAnswersPerAgent: number | null;
  /** Refused or missing workflow calls that an agent may repair in one turn before it fails or abstains. */
  maxProtocolRetries: number;
  /** Model calls in one turn that used tools and neither answered nor voted. */
  maxToolRounds: number;
  finalAnswer: FinalAnswerMode;
  /** How often a presented answer that another agent finds wanting starts the work anew. */
  maxRestarts: number;
  restartMode: RestartMode;
  /** How much a new answer must differ from those its author saw. */
  novelty: Strictness;
  /** How demanding judges are asked to be. */
  sensitivity: Strictness;
  /** Characters of another agent's answer that prompts show; of longer ones they show parts. Null shows all. */
  peerAnswerChars: number | null;
  /** Whether the author of such an answer sums it up, and prompts show that instead of parts. */
  peerSummaries: boolean;
  /** From the start of the run; null is no limit. */
  timeoutMs: number | null;
  roundLimits: RoundLimits;
  /** Points of view that a model writes for the agents; null is none. */
  personas: PersonaSettings | null;
  /** Rewordings of the question that a model writes for the agents; null is none. */
  rewording: RewordingSettings | null;
  /** Whether every agent gets a part of the question instead of all of it, and who says which; null is all of it. */
  subtasks: 'given' | 'asked-for' | null;
  /** Accepted answers of all agents together; null is unlimited. */
  maxAnswersTotal: number | null;
  /** Ballots that are enough to choose by; null asks everybody. */
  quorum: number | null;
  earlyStop: EarlyStop;
  /** With `probable`: how likely the leading answer has to be the preferred one, 0.5 … 1. */
  earlyStopProbability: number;
  /** For debugging: the first answer wins, and nobody is asked to vote. */
  firstAnswerWins: boolean;
  /** For debugging: what whoever evaluates the first attempt is shown in place of its final answer; null is the answer. */
  evaluatedInstead: string | null;
  /** What the whole run may use. */
  limits: Limits;
  /** While they coordinate, agents only plan what has effects outside of their workspace; `instruction` tells them so, empty is the usual words. Null lets them act at once. */
  planning: { instruction: string; isPart?: true } | null;
  /** Whether agents have tools for a plan of their own. */
  taskPlanning: boolean;
  maxTasksPerPlan: number;
  /** Agents that an agent may have work on parts for it; null is none. */
  subagents: SubagentSettings | null;
  /** Whom agents may ask in the middle of their work. */
  broadcast: BroadcastMode;
  /** How long an answer is waited for; null is no limit. */
  broadcastTimeoutMs: number | null;
  /** Whether an agent that asks waits for the answers, unless it says otherwise; else they reach it at a safe point. */
  broadcastWait: boolean;
  /** Questions that one agent may ask in a run. */
  maxBroadcastsPerAgent: number;
  /** How readily agents are told to ask. */
  broadcastSensitivity: Degree;
  /** How much an agent is to put into its answer to another one. */
  responseDepth: Degree;
  /** What becomes of the winner's changes of the user's files; null where agents have no copies of them. */
  applyChanges: ApplyMode | null;
}

/** The user is asked, where somebody is there, else nothing is written; all is written; nothing is. */
export type ApplyMode = 'ask' | 'auto' | 'never';

/** Nobody; each other; the user. */
export type BroadcastMode = 'off' | 'agents' | 'human';
export type Degree = 'low' | 'medium' | 'high';

export interface SubagentSettings {
  /** How long one of them may take. */
  timeoutMs: number;
  /** Of one agent; further ones wait for a place. */
  maxAtOnce: number;
  /** In the whole run. */
  maxPerAgent: number;
  maxPerRun: number;
  /** Of each of their turns. */
  roundLimits: RoundLimits;
  /** Roles that they may be given, by name, with what they are told of it; absent is none. */
  kinds?: Readonly<Record<string, string>>;
}

export interface PersonaSettings {
  strategy: 'complementary' | 'diverse' | 'specialized' | 'adversarial';
  /** Whether they only look at different things, or also work in different ways. */
  diversity: 'perspective' | 'implementation';
  /** The user's own words on them; may be empty. */
  guidelines: string;
  /** Every agent keeps its own for the whole session. */
  persists?: true;
}

export interface RewordingSettings {
  variants: number;
  strategy: 'balanced' | 'diverse' | 'conservative' | 'adaptive';
  /** How surely a variant has to mean the same, 0 … 1, by the word of the model that wrote it; 0 does not ask. */
  threshold: number;
  /** Lets the model think in its reply before it rewords. */
  thinks: boolean;
  /** The same question is not reworded again in later runs. */
  isCached?: true;
  /** Lowest and highest; each variant is then asked for alone, at a temperature of its own. */
  temperatures?: readonly [low: number, high: number];
}

/** How long one turn of an agent may take. */
export interface RoundLimits {
  /** Of a draft, or of an agent that works alone; null is no limit. */
  firstMs: number | null;
  /** Of every other turn; null is no limit. */
  laterMs: number | null;
  /** From the notice to the end of other tools, and from there to the end of the turn. */
  graceMs: number;
}

/** What a run or one agent may use; null is no limit. */
export interface Limits {
  usd: number | null;
  /** Input and output together. */
  tokens: number | null;
  /** Of a run since its beginning; of an agent in its turns. */
  seconds: number | null;
  toolCalls: number | null;
}

export const NO_LIMITS: Limits = { usd: null, tokens: null, seconds: null, toolCalls: null };

/** The lowest of several limits of one kind; null where there is none. */
export function lowestLimit(...limits: readonly (number | null)[]): number | null {
  const given = limits.filter((limit) => limit !== null);
  return given.length === 0 ? null : Math.min(...given);
}

/**
 * When the vote ends before everybody has voted: `safe` once no ballot that is still missing could change the winner
 * and nobody who owes one may hand in a new answer; `ballots` even if somebody may; `probable` once the ballots so far make
 * it likely enough that most prefer the leading answer; `never` asks everybody.
 */
export type EarlyStop = 'safe' | 'ballots' | 'probable' | 'never';

export type VotingRule = 'copeland' | 'borda' | 'plurality' | 'approval';
export type TieBreak = 'earliest-answer' | 'registration' | 'fewest-tokens' | 'random';
export type UpdateMode = 'inject' | 'restart' | 'finish-then-judge';
/** Whether a restart keeps answers that whoever evaluates finds good, or all draft anew. */
export type RestartMode = 'selective' | 'full';
export type FinalAnswerMode = 'present' | 'reuse' | 'synthesize';
export type Strictness = 'lenient' | 'balanced' | 'strict';

export const DEFAULT_SETTINGS: CoordinationSettings = {
  votingRule: 'copeland',
  tieBreak: 'earliest-answer',
  countSelfVotes: true,
  updates: 'inject',
  maxUpdatesPerTurn: null,
  maxAnswersPerAgent: 2,
  maxProtocolRetries: 2,
  maxToolRounds: 50,
  finalAnswer: 'present',
  maxRestarts: 0,
  restartMode: 'selective',
  novelty: 'lenient',
  sensitivity: 'lenient',
  peerAnswerChars: 20_000,
  peerSummaries: false,
  timeoutMs: 1_800_000,
  personas: null,
  rewording: null,
  subtasks: null,
  roundLimits: { firstMs: null, laterMs: null, graceMs: 120_000 },
  maxAnswersTotal: null,
  quorum: null,
  earlyStop: 'safe',
  earlyStopProbability: 0.95,
  firstAnswerWins: false,
  evaluatedInstead: null,
  limits: NO_LIMITS,
  planning: null,
  taskPlanning: false,
  maxTasksPerPlan: 10,
  subagents: null,
  broadcast: 'off',
  broadcastTimeoutMs: 300_000,
  broadcastWait: true,
  maxBroadcastsPerAgent: 10,
  broadcastSensitivity: 'medium',
  responseDepth: 'medium',
  applyChanges: null,
};
