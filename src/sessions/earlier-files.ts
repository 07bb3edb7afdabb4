import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { foldEvents } from '../coordination/apply.ts';
import { safeFileName } from '../platform/paths.ts';
import { readAll } from '../runlog/read-run-log.ts';
import type { Session } from './session-store.ts';

/**
 * The folder of the files that came with the last answer of a session: those of the winning answer, as they were handed
 * in. Null where that answer had none, or its log is gone. Never rejects.
 */
export async function earlierFiles(session: Session): Promise<string | null> {
  for (const { dir } of session.runs.toReversed()) {
    const state = await readAll(dir).then(foldEvents, () => null);
    if (!state?.final || !state.winner) continue;
    const folder = join(dir, 'snapshots', safeFileName(state.winner.label));
    const names = await readdir(folder).catch((): string[] => []);
    return names.length > 0 ? folder : null;
  }
  return null;
}
