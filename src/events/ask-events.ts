import type { JsonObject } from './json.ts';
import type { HookReport } from './hook-report.ts';
import type { PlannedAction } from './planned-action.ts';
import type {
  AnswerLabel,
  ApprovalScope,
  CallToApprove,
  QuestionOption,
  Respondent,
  Risk,
  RunOutcome,
} from './terms.ts';
import type { Usage } from './usage.ts';

/** What waits for somebody else: leave for calls, questions, subagents, planned actions. See EventData. */
export interface AskEvents {
  /**
   * A call waits until somebody decides. `diff` is what it would change, where that is known before; where it is
   * `editable`, its target is one text that may be changed before it is allowed.
   */
  'approval.requested': CallToApprove & { request: string; detail: string; diff: string | null; editable?: true };
  /**
   * A call may be made, or not. `request` is null where nobody had to be asked; `by` says who decided, `reason` is a
   * sentence for the agent and the audit. `edited` is what the user has put in the place of the target; every
   * check is made of it anew before it runs.
   */
  'approval.decided': CallToApprove & {
    request: string | null;
    isAllowed: boolean;
    scope: ApprovalScope;
    by: 'user' | 'rule' | 'policy' | 'hook' | 'file' | 'timeout';
    reason: string;
    edited?: string;
  };
  /** A model was asked how much harm a call may do; `risk` is null where it gave no opinion, and `reason` says why. */
  'risk.judged': {
    turn: string;
    callId: string;
    tool: string;
    model: string;
    risk: Risk | null;
    reason: string;
    usage: Usage;
    costUsd: number | null;
  };
  /** A hook was run; `turn` is null for one that is told of the end of the run, which may come after `run.finished`. */
  'hook.finished': HookReport & { turn: string | null };
  /** The agent of the envelope asks others. The user answers in a dialog; agents answer beside their own work. */
  'question.asked': {
    question: string;
    turn: string;
    /** Who works on a part for the agent of the envelope and asks; absent is the agent. */
    subagent?: string;
    to: Respondent[];
    text: string;
    options: QuestionOption[];
    isMultiple: boolean;
    /** Whether an answer in words is possible besides, or instead of, the options. */
    allowsText: boolean;
    timeoutMs: number | null;
    /** The agent goes on with its work; the answers reach it at a safe point. */
    isDetached?: true;
    /** The MCP server that asks the agent's own model in place of the agent; `to` is the agent then. */
    server?: string;
  };
  /** One of those who were asked has answered, or will not. `choices` are labels of options. */
  'question.answered': {
    question: string;
    by: Respondent;
    /** How the user's answer came: by a person, by a file of a program, or by a rule where nobody is there. */
    through?: 'user' | 'file' | 'policy';
    outcome: 'answered' | 'skipped' | 'timed-out' | 'declined';
    choices: string[];
    text: string;
    /** Why there is no answer; empty where there is one. */
    reason: string;
    usage: Usage;
    costUsd: number | null;
  };
  /**
   * The agent of the envelope has others work on parts for it, or has them go on. Each has a run of its own in `dir` of
   * the run's folder; `callId` is the call that began it. `isDetached`: the agent goes on with its work meanwhile.
   */
  'subagent.started': {
    turn: string;
    callId: string;
    subagent: string;
    task: string;
    /** Its role, one of those that the config names; absent without one. */
    kind?: string;
    model: string;
    dir: string;
    isDetached: boolean;
  };
  /**
   * One model call, or the beginning of one tool call, of that part; the agent of the envelope pays for it. With
   * `isAtLeast` it costs more than `costUsd`, nobody knows how much.
   */
  'subagent.worked': {
    subagent: string;
    text: string;
    tool: string | null;
    usage: Usage;
    costUsd: number | null;
    isAtLeast?: true;
  };
  /** `text` is its answer; `reason` says why there is none. */
  'subagent.finished': {
    subagent: string;
    outcome: RunOutcome;
    text: string;
    reason: string;
    /** Folder with its files, absolute; null where there are none. */
    files: string | null;
    durationMs: number;
  };
  /**
   * A run that a tool of the agent of the envelope has started, in the folder `dir`, has used so much since it was counted
   * last; the agent pays for it. `isWhole` is false where it had calls whose price is unknown.
   */
  'nested.counted': { run: string; dir: string; usage: Usage; costUsd: number; isWhole: boolean };
  /** While agents only plan: a call that was not made. It is a part of the agent's next answer. */
  'action.proposed': PlannedAction & { turn: string };
  /** The winner does it now. On disk before the effect begins, so that it is never begun again. */
  'action.begun': { turn: string; key: string };
  'action.ended': { turn: string; key: string; isError: boolean };
  /** At the end: what was planned with the winning answer and was not made, or begun and never seen to end; and why. */
  'actions.left': {
    label: AnswerLabel;
    actions: { tool: string; args: JsonObject; isBegun: boolean }[];
    reason: string;
  };
}
