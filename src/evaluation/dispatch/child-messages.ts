import type { ExitCode } from '../../platform/errors.ts';
import type { Trial } from '../suite/suite.ts';
import type { TrialRecord } from '../trials/trial-record.ts';
import type { TrialHome } from './dispatcher.ts';

/** What a worker process is told. It has one trial at a time. */
export type ToChild =
  | { type: 'trial'; trial: Trial; home: Pick<TrialHome, 'folder' | 'runId'> }
  /** Stop what runs; its end is told all the same. */
  | { type: 'cancel' };

/** What a worker process tells: `ready` once, then one end for each trial. */
export type FromChild =
  | { type: 'ready' }
  | { type: 'record'; record: TrialRecord }
  /** `code` is that of a MassgenError; null for a bug. */
  | { type: 'rejected'; code: string | null; exitCode: ExitCode; message: string };
