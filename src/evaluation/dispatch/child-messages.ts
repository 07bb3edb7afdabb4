import type { ExitCode } from '../../platform/errors.ts';
import type { RateShare } from '../../providers/limits/shared-rates.ts';
import type { Trial } from '../suite/suite.ts';
import type { TrialRecord } from '../trials/trial-record.ts';
import type { TrialHome } from './dispatcher.ts';

/** What a worker process is told. It has one trial at a time. */
export type ToChild =
  | { type: 'trial'; trial: Trial; home: Pick<TrialHome, 'folder' | 'runId'> }
  /** Stop what runs; its end is told all the same. */
  | { type: 'cancel' }
  | RatesToChild;

/** What a worker process tells: `ready` once, then one end for each trial, and in between what it asks of rate limits. */
export type FromChild =
  | { type: 'ready' }
  | { type: 'record'; record: TrialRecord }
  /** `code` is that of a MassgenError; null for a bug. */
  | { type: 'rejected'; code: string | null; exitCode: ExitCode; message: string }
  | RatesFromChild;

/** Answers `book`, by its id. */
export interface RatesToChild {
  type: 'booked';
  id: string;
  place: { waitMs: number } | { fullForMs: number; limit: number };
}

/** As `SharedRates`; the parent counts for all of its workers. */
export type RatesFromChild =
  | { type: 'book'; id: string; shares: RateShare[] }
  | { type: 'correct-place'; id: string; window: string; weight: number }
  | { type: 'release-place'; id: string };
