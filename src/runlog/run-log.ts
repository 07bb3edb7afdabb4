import type { EventDraft, RunEvent } from '../events/event.ts';

/**
 * The append-only log of one run, and its only writer. `append` gives an event its place at once; what it
 * returns resolves when the event is as safe as its grade asks for.
 */
export interface RunLog {
  readonly runId: string;
  /** Absolute path of the run's folder. */
  readonly dir: string;
  readonly epoch: number;
  /**
   * Numbers and stamps the event (secrets redacted) and queues it. `committed` resolves once it is on disk
   * (decisions: flushed; deltas: handed to the system), in order of `seq`, and rejects with a MassgenError when it
   * cannot be written (disk full, folder gone, another writer took over); every later append then rejects too.
   */
  append(draft: EventDraft): { event: RunEvent; committed: Promise<void> };
  /**
   * Streamed text of this model call that was held back because it may be the beginning of a secret. Append what comes
   * back before the call's `request.finished` or `request.failed`, so that the streamed text is complete.
   */
  releaseHeld(request: string): EventDraft[];
  /** Events appended from now on belong to this attempt. */
  beginAttempt(attempt: number): void;
  /** Waits for what is queued and closes the file. Safe to call twice. */
  close(): Promise<void>;
}
