import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunState } from '../coordination/state.ts';
import type { RunEvent } from '../events/event.ts';
import { isDelta } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import type { Clock } from '../platform/clock.ts';
import { safeFileName } from '../platform/paths.ts';
import { followRun } from './follow-run.ts';
import { createStatusFile } from './status-file.ts';

/** Inside the run's folder: the answer that the user gets. */
export const FINAL_ANSWER_FILE = join('final', 'answer.txt');

/** Files that are kept beside the log for people and programs; all of them can be made again from the log. */
export interface RunFiles {
  /** Resolves when `status.json` was written for the first time, or could not be. Never rejects. */
  readonly started: Promise<void>;
  /** Resolves after the run ended and the last file was written. Never rejects. */
  readonly settled: Promise<void>;
}

export interface RunFilesOptions {
  /** The wall clock, also for a run whose agents live in paced time. */
  clock: Clock;
  /** Told once, in a full sentence, when a file could not be written; the run goes on. */
  onProblem: (message: string) => void;
}

/** Keeps `status.json`, `answers/<label>.txt` and `final/answer.txt` of a run up to date until it ends. */
export function keepRunFiles(handle: RunHandle, { clock, onProblem }: RunFilesOptions): RunFiles {
  let hasProblem = false;
  const report = (path: string, error: unknown): void => {
    if (hasProblem) return;
    hasProblem = true;
    const cause = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    onProblem(
      `${path} could not be written (${cause}), so the files beside the run's log may be incomplete; ` +
        'the log itself is not affected. Check the disk and the folder.',
    );
  };

  const status = createStatusFile({ dir: handle.dir, clock, onError: report });
  let answers = Promise.resolve();
  const save = (folder: string, name: string, text: string): void => {
    answers = answers.then(async () => {
      const path = join(handle.dir, folder, name);
      try {
        // Not `recursive`: a run's folder that somebody removed is not made again.
        await mkdir(join(handle.dir, folder), { mode: 0o700 }).catch((error: unknown) => {
          if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
        });
        await writeFileAtomic(path, text.endsWith('\n') ? text : `${text}\n`);
      } catch (error) {
        report(path, error);
      }
    });
  };

  const onEvent = (event: RunEvent, state: RunState): void => {
    if (event.type === 'answer.submitted') save('answers', `${safeFileName(event.data.label)}.txt`, event.data.text);
    if (event.type === 'answer.presented') save('final', 'answer.txt', event.data.text);
    status.update(state, isDelta(event) ? 'later' : 'soon');
  };

  const settled = followRun(handle, onEvent)
    .catch(() => null)
    .then(() => Promise.all([answers, status.close()]))
    .then(() => undefined);
  return { started: status.started, settled };
}
