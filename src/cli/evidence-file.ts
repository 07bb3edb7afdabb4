import { join } from 'node:path';
import { EvidenceFile } from '../evaluation/learning/evidence.ts';
import type { Environment } from '../platform/environment.ts';
import { massgenHome } from '../platform/paths.ts';

/** What was learnt, of all folders. */
export function evidenceFileOf(environment: Environment): EvidenceFile {
  return new EvidenceFile(join(massgenHome(environment), 'learning', 'evidence.jsonl'));
}
