import type { RunState } from '../coordination/state.ts';
import { assertNever } from '../events/event.ts';
import type { ExitCode } from '../platform/errors.ts';
import { EXIT } from '../platform/errors.ts';

/** The exit code of the command after this run. A run that never ended, or never began, has failed. */
export function exitCodeOf(state: RunState | null): ExitCode {
  const outcome = state?.end?.outcome ?? 'failed';
  switch (outcome) {
    case 'answered':
      return EXIT.ok;
    case 'failed':
      return EXIT.execution;
    case 'timed-out':
      return EXIT.timeout;
    case 'cancelled':
      return EXIT.interrupted;
    default:
      return assertNever(outcome);
  }
}
