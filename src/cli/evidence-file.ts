import { join } from 'node:path';
import { EvidenceFile } from '../evaluation/learning/evidence.ts';
import { PickFile } from '../evaluation/learning/picks.ts';
import type { Environment } from '../platform/environment.ts';
import { massgenHome } from '../platform/paths.ts';

/** What was learnt, of all folders. */
export function evidenceFileOf(environment: Environment): EvidenceFile {
  return new EvidenceFile(join(massgenHome(environment), 'learning', 'evidence.jsonl'));
}

/** What was picked by it for runs, of all folders. */
export function pickFileOf(environment: Environment): PickFile {
  return new PickFile(join(massgenHome(environment), 'learning', 'picks.jsonl'));
}
