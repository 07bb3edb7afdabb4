import type { Trial } from '../suite/suite.ts';
import type { TrialRecord } from '../trials/trial-record.ts';

/** Where trials are run: in this process, in others, or on other machines. One contract test holds for all of them. */
export interface Dispatcher {
  /**
   * Runs the trials, a few at a time, and hands over each record once, as it comes. `next` gives the next trial, or null
   * when there is none (any more). Resolves when all that were begun have ended. When the signal is aborted nothing
   * further is begun, what runs is cancelled, and its records are not handed over. Rejects only when no trial can be
   * run at all, or `onRecord` rejects.
   */
  run(next: () => Trial | null, onRecord: (record: TrialRecord) => Promise<void>, signal: AbortSignal): Promise<void>;
  /** Lets go of processes and connections. Never rejects. */
  close(): Promise<void>;
}

/**
 * Runs one trial to its record. Rejects when the signal is aborted, when the run was taken over by another process, when
 * no trial can be run, or for a bug; a run that fails is a record.
 */
export type RunTrial = (trial: Trial, signal: AbortSignal, home?: TrialHome) => Promise<TrialRecord>;

/** Where the run of a trial is looked for and made, where another process may have begun it. */
export interface TrialHome {
  /** Name of a folder of the trial's own among the runs. */
  folder: string;
  runId: string;
  /** False when the trial was given to somebody else in the meantime; asked right before the run is begun or taken over. */
  isOurs(): Promise<boolean>;
}
