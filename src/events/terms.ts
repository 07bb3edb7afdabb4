import type { Limits } from './settings.ts';

/** An agent's name inside one run: `agent1` … `agentN`. Models, folders, labels and logs use only this name. */
export type Alias = string;
/** One version of one agent's answer: `agent2.1` is the first answer of agent2. */
export type AnswerLabel = string;

/** What a turn is for. `solo` is the only turn of a run with one agent. */
export type TurnKind = 'solo' | 'draft' | 'judge' | 'present' | 'evaluate';

export type TurnOutcome = 'answered' | 'voted' | 'presented' | 'evaluated' | 'failed' | 'abstained' | 'aborted';

/** Something that is prepared for all agents before they draft: points of view, rewordings of the question, parts of it. */
export type Preparation = 'personas' | 'rewording' | 'subtasks';

/** What was prepared for one agent. `dependsOn` are the agents whose answers it is to have first; never in a circle. */
export interface PreparedText {
  text: string;
  dependsOn: Alias[];
}

/** How far a turn is limited by time. */
export type TurnLimitStage = 'noticed' | 'closed' | 'stopped';

export type RunOutcome = 'answered' | 'failed' | 'timed-out' | 'cancelled';

/** The public face of an agent. Never holds a secret. */
export interface AgentInfo {
  alias: Alias;
  /** The id in the user's config. Models never see it. */
  id: string;
  /** Backend type, e.g. `openai`. */
  type: string;
  model: string;
  /** False for built-in and scripted agents: no model is called and nothing is paid. */
  isModel: boolean;
  /** What it may use of its own; absent is no limit. */
  limits?: Limits;
  /** Its part of the work, from the config. */
  subtask?: PreparedText;
}

/** Why a workflow call was not accepted. */
export type RefusalCode =
  | 'no-call'
  | 'several-votes'
  | 'vote-and-answer'
  | 'unknown-target'
  | 'nothing-to-vote-on'
  | 'bad-arguments'
  | 'answer-cap'
  | 'empty-answer'
  | 'duplicate-answer'
  | 'not-novel'
  | 'wrong-phase'
  | 'cut-off'
  | 'tool-budget'
  | 'round-over'
  | 'hook';

/** What a budget is about. `usd` and `tokens` count what providers report. */
export type BudgetResource = 'usd' | 'tokens' | 'seconds' | 'tool_calls';

/** How far a budget is used. */
export interface BudgetUse {
  resource: BudgetResource;
  used: number;
  limit: number;
}

/** Why an attempt was not good enough, and what it had come to. */
export interface Feedback {
  reason: string;
  instructions: string;
  /** The answer that was presented. */
  previous: string;
}

/** The score of one answer under the rule that decided. Higher is better. */
export interface Score {
  label: AnswerLabel;
  score: number;
  /** Ballots whose first choice it is. */
  firstChoices: number;
}

/** How much harm a call may do, from what its tool says about itself. */
export type Risk = 'low' | 'medium' | 'high';

/** How long a decision of the user holds. */
export type ApprovalScope = 'once' | 'run' | 'session' | 'always';

/** A tool call that waits for leave, or had to be decided on. */
export interface CallToApprove {
  turn: string;
  callId: string;
  /** Who works on a part for the agent of the envelope and makes the call in a run of its own; absent is the agent. */
  subagent?: string;
  tool: string;
  /** What the call does, for rules and people, such as `run_command`; `target` is what it does it to, word for word. */
  action: string;
  target: string;
  risk: Risk;
}

/** One of the answers that a question offers. */
export interface QuestionOption {
  label: string;
  description: string;
}

/** A file that goes along with the question, as a copy in the run's folder. */
export interface InputFile {
  name: string;
  mediaType: string;
  bytes: number;
  /** Relative to the run's folder. */
  path: string;
  /** Ids of the agents that get it; absent for all. */
  agents?: string[];
  /** The provider's file search looks into it, so that it is no part of the prompt where there is one. */
  isSearched?: true;
}

/** Somebody who can be asked, or who answers: an agent's alias, or `user`. */
export type Respondent = string;

/** One step of an agent's plan. */
export interface PlannedTask {
  id: string;
  title: string;
  status: 'pending' | 'active' | 'done' | 'blocked';
  /** Ids of the tasks that have to be done before. */
  dependsOn: string[];
}

/** One file that the winner's work changes. Lines are counted as in a unified diff; 0 for binary files. */
export interface FileChange {
  path: string;
  change: 'added' | 'modified' | 'deleted';
  added: number;
  removed: number;
  isBinary: boolean;
  /** Parts that can be accepted one by one; absent where there is one at most. */
  hunks?: number;
  /** What a comparison of lines does not show, such as `executable` or `a link`. */
  detail?: string;
}

/** A file of the user's that was left alone, and why. */
export interface FileConflict {
  path: string;
  reason: string;
}
