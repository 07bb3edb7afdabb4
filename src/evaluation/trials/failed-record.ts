import type { RunState } from '../../coordination/state.ts';
import { NO_COST, NO_USAGE } from '../../events/usage.ts';
import type { Trial } from '../suite/suite.ts';
import { namedTrial } from './named-trial.ts';
import type { TrialRecord } from './trial-record.ts';

/** Of a trial that could not be run, or whose run `state` could not be graded; counts as wrong. */
export function failedRecord(trial: Trial, problem: string, state: RunState | null = null): TrialRecord {
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
    usage: state?.usage ?? NO_USAGE,
    cost: state?.cost ?? NO_COST,
    requests: 0,
    wastedTokens: 0,
    durationMs: 0,
  };
}
