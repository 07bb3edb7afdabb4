import { createHash } from 'node:crypto';
import { createRunId } from '../../platform/ids.ts';
import type { TrialHome } from '../dispatch/dispatcher.ts';

/** The home of what `name` stands for, the same whoever asks. `at`: milliseconds since 1970, for the run's id. */
export function homeOf(name: string, at: number): Pick<TrialHome, 'folder' | 'runId'> {
  const hash = createHash('sha256').update(name).digest();
  let next = 0;
  return {
    folder: hash.toString('hex').slice(0, 32),
    runId: createRunId(at, (limit) => (hash[next++] ?? 0) % limit),
  };
}
