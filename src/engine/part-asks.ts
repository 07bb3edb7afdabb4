import type { EventData } from '../events/event.ts';
import type { ApprovalRequest, Decision } from '../tools/asks.ts';

/** What was decided, and who has. */
export type Ruling = Decision & Pick<EventData['approval.decided'], 'by'>;

/**
 * The way of a run that works on a part of an agent's work to whoever decides and answers for that agent: the same queue,
 * and a note of all of it in the agent's own log. Called from inside a busy section, whose time it lends.
 */
export interface PartAsks {
  readonly isAttended: boolean;
  /** As `Asks.remembered`, for all of the agent's run. */
  remembered(action: string, target: string): Decision | null;
  /** Waits until somebody decides; denied once the signal is aborted. Rejects when the agent's log cannot be written. */
  approve(request: ApprovalRequest, signal: AbortSignal): Promise<Ruling>;
  /**
   * Asks the user, and waits for the answer or for the question's time; declined once the signal is aborted. The answer
   * names the question as the caller does. Rejects when the agent's log cannot be written.
   */
  ask(question: EventData['question.asked'], signal: AbortSignal): Promise<EventData['question.answered']>;
}
