import type { Alias, AnswerLabel, ApprovalScope, EventData, RunEvent } from './event.ts';

/** Who answers a question to the user: a person (if left out), a program by a file, or a rule where nobody is there. */
export type AnsweredBy = EventData['question.answered']['through'];

/** What a user or a program may tell a run. */
export type Command =
  | { type: 'cancel'; by: 'user' | 'signal' | 'caller' }
  /** No further round: the ballots that count decide, else the best answer so far; it is presented as it is. */
  | { type: 'answer-now'; by: 'user' | 'signal' | 'caller' }
  /** Told to the agents at their next safe point. Unknown aliases are passed over. */
  | { type: 'message'; to: Alias[] | 'all'; text: string }
  /** The user's own ballot for a current answer. */
  | { type: 'vote'; label: AnswerLabel }
  /** A current answer that must not win. */
  | { type: 'veto'; label: AnswerLabel; reason: string }
  /** The winner, chosen by the user out of the current answers. */
  | { type: 'override'; label: AnswerLabel }
  /** Decides over a call that waits; the first decision counts. */
  | {
      type: 'decide';
      request: string;
      isAllowed: boolean;
      scope: ApprovalScope;
      by: 'user' | 'policy' | 'file' | 'timeout';
      reason: string;
      /** What is to run instead, once, where the request says that it may be edited. */
      edited?: string;
    }
  /** The user's answer to a question that is open; the first one counts. */
  | { type: 'reply'; question: string; choices: string[]; text: string; by?: AnsweredBy }
  /** The user will not answer; `reason` is told to the agent. */
  | { type: 'decline'; question: string; outcome: 'skipped' | 'declined'; reason: string; by?: AnsweredBy }
  /** Decides over the proposed changes of files: `paths` are accepted, all others are not; of a file in `hunks` only these parts. `by` says who. */
  | { type: 'review'; paths: string[]; comment: string; hunks?: Record<string, number[]>; by?: 'user' | 'policy' }
  /** The proposed changes are not good enough: none is written, and the team begins anew with the comment. */
  | { type: 'send-back'; comment: string }
  /** What the user thinks of the presented answer. Counts after the end of the run, too. */
  | { type: 'rate'; rating: 'up' | 'down' | null };

/** A run seen from outside: facts come out, commands go in. Screens, printers and programs hold nothing else of it. */
export interface RunHandle {
  readonly id: string;
  /** The run's folder, absolute. */
  readonly dir: string;
  /**
   * Calls `listener` with every event from the first one on, in order, the past ones before it returns.
   * Decisions are on disk when they arrive. The listener must not throw. Returns the way to stop.
   */
  subscribe(listener: (event: RunEvent) => void): () => void;
  /** Never throws; a command that comes too late is ignored. */
  send(command: Command): void;
  /** Resolves after `run.finished` was delivered. Rejects only if the log could not be written. */
  readonly ended: Promise<void>;
}
