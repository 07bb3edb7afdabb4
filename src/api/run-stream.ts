import type { ApprovalScope, RunEvent } from '../events/event.ts';
import type { RunResult } from './result.ts';

/** A run that was started. Iterate over it for its events, or await its result, or both. */
export interface RunStream extends AsyncIterable<RunEvent> {
  /** Resolves once the run has a folder. Rejects as `result` does when it never gets one. */
  readonly started: Promise<{ runId: string; runDir: string }>;
  /**
   * Resolves when the run has ended in whatever way, its files written. Rejects with a MassgenError when it could not
   * begin or its log could not be written, and with what `onEvent` threw.
   */
  readonly result: Promise<RunResult>;
  /** Stops the run: `result` then resolves with the outcome `cancelled`, and what was decided is kept. */
  cancel(): void;
  /** Tells agents something, at their next safe point; all of them, or those of these ids. */
  steer(text: string, to?: string | readonly string[]): Promise<void>;
  /** Your own ballot for a current answer, e.g. `agent2.1`. */
  vote(label: string): Promise<void>;
  /** This answer cannot win. */
  veto(label: string, reason?: string): Promise<void>;
  /** This answer wins, whatever the ballots say. */
  override(label: string): Promise<void>;
  /** No further round: what there is decides. */
  answerNow(): Promise<void>;
  /** Decides over a call that waits (`approval.requested`); only in a run that somebody attends. */
  decide(request: string, decision: { allow: boolean; scope?: ApprovalScope; reason?: string }): Promise<void>;
  /** Answers a question to the user (`question.asked`); only in a run that somebody attends. */
  reply(question: string, answer: { choices?: readonly string[]; text?: string }): Promise<void>;
  /** Does not answer it. */
  decline(question: string, reason?: string): Promise<void>;
  /**
   * Any of the above as plain data, as `--commands` takes it. This and the others resolve once the run was told, and
   * reject with a MassgenError that says what would be right; what comes after the end of the run is ignored.
   */
  send(command: unknown): Promise<void>;
}
