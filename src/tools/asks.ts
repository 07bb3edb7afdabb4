import type { Actions } from './actions.ts';
import type { CallToApprove, EventData, Risk } from '../events/event.ts';
import type { HookReport } from '../events/hook-report.ts';

/** A call that somebody has to decide on. */
export type ApprovalRequest = Omit<CallToApprove, 'turn'> & { detail: string; diff: string | null; editable?: true };

export interface Decision {
  isAllowed: boolean;
  scope: EventData['approval.decided']['scope'];
  /** A sentence for the agent. */
  reason: string;
  /** What is to run in place of the target; absent for the target itself. */
  edited?: string;
}

/** What the mode says that a config sets for an agent's own tools. Rules that deny, or that want to be asked, come before it. */
export interface ModeWord {
  isAllowed: boolean;
  reason: string;
}

/** A call as a model is shown it that judges its risk. */
export interface CallToJudge {
  tool: string;
  action: string;
  target: string;
  /** Arguments, as text. */
  detail: string;
  /** By the tool's own word. */
  risk: Risk;
}

/** What that model thinks; null where there is no opinion, and the reason says why. */
export interface RiskOpinion {
  risk: Risk | null;
  reason: string;
}

/** A decision for which nobody had to be asked. */
export type SettledCall = Omit<CallToApprove, 'turn'> & Decision & { by: 'rule' | 'policy' | 'hook' };

export type Question = Omit<EventData['question.asked'], 'question' | 'turn'>;
export type Answer = Pick<EventData['question.answered'], 'by' | 'outcome' | 'choices' | 'text' | 'reason'>;

/** What an MCP server asks of a model (sampling). */
export interface LentRequest {
  /** Empty for none. */
  system: string;
  messages: readonly { role: 'user' | 'assistant'; text: string }[];
}

export type LentAnswer = { text: string; model: string } | { refused: string };

/** The way from a call of an agent's turn to whoever can decide or answer. All of it is in the log. */
export interface Asks {
  /** Whether somebody decides; absent is nobody. */
  readonly isAttended?: boolean;
  /** What the user has decided about exactly this for longer than once; null for nothing. Absent is nothing. */
  remembered?(action: string, target: string): Decision | null;
  /** Absent in a run that does not plan before it acts. */
  readonly actions?: Actions;
  /** Waits until somebody decides; a turn that is interrupted meanwhile is a denial. Rejects when the log cannot be written. */
  approve(request: ApprovalRequest, signal: AbortSignal): Promise<Decision>;
  /** What was decided about this call before a crash cut it off; null for nothing. Absent is nothing. */
  decidedBefore?(call: Pick<ApprovalRequest, 'callId' | 'action' | 'target'>): Decision | null;
  /** The call is about to be made. Rejects when the log cannot be written. Absent where nothing is written down. */
  release?(callId: string): Promise<void>;
  /** Rejects when the log cannot be written. */
  noteDecision(call: SettledCall): Promise<void>;
  /** Asks a model about the risk of a call; it is written down and paid for. Absent where none is asked. Rejects when the log cannot be written. */
  assess?(call: CallToJudge, callId: string, signal: AbortSignal): Promise<RiskOpinion>;
  /** Notes what came of a hook. Absent where nothing is written down. Rejects when the log cannot be written. */
  noteHook?(report: HookReport): Promise<void>;
  /**
   * Asks the user, and agents, and waits for all of them or for the question's time. One answer for each who was asked,
   * in their order. Rejects when the log cannot be written.
   */
  ask(question: Question, signal: AbortSignal): Promise<Answer[]>;
  /**
   * Has the agent's model answer a server, without the agent's conversation, and has the agent pay for it. Absent where
   * there is no model. Rejects when the log cannot be written.
   */
  lendModel?(server: string, request: LentRequest, signal: AbortSignal): Promise<LentAnswer>;
}

export const NOBODY_THERE = 'Nobody is there who could be asked.';
