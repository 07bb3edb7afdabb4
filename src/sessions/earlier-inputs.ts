import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_MEDIA_BYTES, type WantedFile } from '../engine/input-files.ts';
import { readAll } from '../runlog/read-run-log.ts';
import type { Session } from './session-store.ts';

/**
 * The files that the user has sent along with the questions of a session, as the runs have kept them; of one name the
 * latest. Those of a config are no part of it: they go along anyway. Runs whose logs are gone are left out. Never rejects.
 */
export async function earlierInputs(session: Session): Promise<WantedFile[]> {
  const found = new Map<string, WantedFile>();
  for (const { dir } of session.runs) {
    const [first] = await readAll(dir).catch(() => []);
    if (first?.type !== 'run.started') continue;
    for (const { name, path, agents } of first.data.inputs ?? []) {
      const copy = join(dir, path);
      const isThere = await stat(copy).then(
        (stats) => stats.isFile(),
        () => false,
      );
      if (agents === undefined && isThere) {
        found.set(name, { path: copy, name, agents: null, maxMediaBytes: MAX_MEDIA_BYTES });
      }
    }
  }
  return [...found.values()];
}
