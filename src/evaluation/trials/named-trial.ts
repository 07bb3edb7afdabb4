import type { Trial } from '../suite/suite.ts';
import type { TrialRecord } from './trial-record.ts';

/** What a record says of the trial itself, whatever came of it. */
export function namedTrial({
  key,
  team,
  item,
  seed,
}: Trial): Pick<TrialRecord, 'v' | 'key' | 'team' | 'item' | 'kind' | 'seed'> {
  return { v: 1, key, team: team.name, item: item.id, kind: item.kind, seed };
}
