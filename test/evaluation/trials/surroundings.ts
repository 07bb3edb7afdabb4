import { join } from 'node:path';
import type { TrialSurroundings } from '../../../src/evaluation/trials/run-trial.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createLocalRates } from '../../../src/providers/limits/shared-rates.ts';

/** Of trials that are run in a test, with their runs in that folder. */
export function surroundingsIn(folder: string): TrialSurroundings {
  const clock = createRealClock();
  return {
    runsDir: join(folder, 'runs'),
    cwd: folder,
    home: folder,
    variables: {},
    path: '',
    clock,
    version: '0',
    rateLimit: false,
    sharedLimits: { rates: createLocalRates(clock), limits: [] },
    judge: null,
  };
}
