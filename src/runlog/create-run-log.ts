import { mkdir, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { syncFolder, writeFileAtomic } from '../platform/atomic-file.ts';
import { createRealClock, type Clock } from '../platform/clock.ts';
import { randomHex } from '../platform/entropy.ts';
import { EXIT, MassgenError } from '../platform/errors.ts';
import { createRunId } from '../platform/ids.ts';
import { makeFolder } from '../platform/make-folder.ts';
import type { WritableRunLog } from './event-log.ts';
import { createEventLog } from './event-log.ts';
import { epochPath, errnoOf, logPath, writeFence } from './files.ts';
import { createLogWriter } from './log-writer.ts';
import type { Redactor } from './redact.ts';

export interface CreateRunLogOptions {
  /** Where the run's folder is made; made itself when it is missing. */
  runsDir: string;
  clock: Clock;
  redact: Redactor;
  /** 1 unless told. */
  attempt?: number;
  /** Draws a run id for a time; for tests. */
  createId?: (at: number) => string;
}

const MAX_DRAWS = 100;

/**
 * Makes a new run's folder (0700) with an empty log (0600) and opens it for writing. Rejects with a MassgenError
 * when that is not possible. Two processes never get the same folder.
 */
export async function createRunLog(options: CreateRunLogOptions): Promise<WritableRunLog> {
  const { clock, redact, attempt = 1 } = options;
  const runsDir = resolve(options.runsDir);
  try {
    const runId = await claimFolder(runsDir, () => (options.createId ?? createRunId)(clock.now()));
    const dir = join(runsDir, runId);
    const fence = { epoch: 1, token: randomHex(12) };
    const path = logPath(dir);
    await writeFileAtomic(epochPath(dir), writeFence(fence), { fsync: true });
    const file = await open(path, 'wx', 0o600);
    await syncFolder(dir);
    const writer = createLogWriter({ clock: createRealClock(), file, path, fence, size: 0, seq: 0 });
    return createEventLog({ runId, dir, epoch: 1, attempt, last: { seq: 0, at: 0 }, clock, redact, writer });
  } catch (error) {
    if (error instanceof MassgenError) throw error;
    throw new MassgenError(
      'runs-folder',
      `No folder for the run could be made in ${runsDir} (${errnoOf(error) || 'unknown error'}). ` +
        'Start in a folder that you can write to and whose disk has space.',
      { exitCode: EXIT.execution, cause: error },
    );
  }
}

/** Making the folder decides who has the name. */
async function claimFolder(runsDir: string, draw: () => string): Promise<string> {
  await makeFolder(runsDir);
  for (let tries = 1; ; tries += 1) {
    const runId = draw();
    try {
      await mkdir(join(runsDir, runId), { mode: 0o700 });
      return runId;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST' || tries >= MAX_DRAWS) throw error;
    }
  }
}
