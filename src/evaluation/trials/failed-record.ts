import { NO_USAGE } from '../../events/usage.ts';
import type { Trial } from '../suite/suite.ts';
import { namedTrial } from './named-trial.ts';
import type { TrialRecord } from './trial-record.ts';

/** Of a trial that could not be run; counts as wrong. */
export function failedRecord(trial: Trial, problem: string): TrialRecord {
  return {
    ...namedTrial(trial),
    run: '',
    dir: '',
    outcome: 'failed',
    problem,
    final: null,
    agents: [],
    answers: [],
    ballots: [],
    winner: null,
    rule: null,
    wasTie: false,
    usage: NO_USAGE,
    cost: { usd: 0, isComplete: true },
    requests: 0,
    wastedTokens: 0,
    durationMs: 0,
  };
}
