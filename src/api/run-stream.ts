import type { RunEvent } from '../events/event.ts';
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
}
