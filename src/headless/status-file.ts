import { join } from 'node:path';
import type { RunState } from '../coordination/state.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import type { Clock } from '../platform/clock.ts';
import { safeJson } from './safe-json.ts';
import { toStatus } from './status.ts';

/** Least time between two writes: after a decision, and while text is only streaming. */
const WAIT_MS = { soon: 250, later: 1000 } as const;

export interface StatusFile {
  /** Has the state written: at once if the last write is long enough ago, else when it is. */
  update(state: RunState, urgency: keyof typeof WAIT_MS): void;
  /** Resolves after the first write, or when it failed. Never rejects. */
  readonly started: Promise<void>;
  /** Writes the last state if it is not on disk yet. Never rejects. */
  close(): Promise<void>;
}

export interface StatusFileOptions {
  dir: string;
  clock: Clock;
  onError: (path: string, error: unknown) => void;
}

/** Keeps `status.json` in the run's folder, replaced as a whole each time: a reader never sees a part of it. */
export function createStatusFile({ dir, clock, onError }: StatusFileOptions): StatusFile {
  const path = join(dir, 'status.json');
  let latest: RunState | null = null;
  /** How soon the latest state has to be on disk; null when it is there. */
  let owed: keyof typeof WAIT_MS | null = null;
  let lastWriteAt = -Infinity;
  let timer: { due: number; cancel: () => void } | null = null;
  let writing: Promise<void> | null = null;
  let isClosed = false;
  let reportStarted = (): void => undefined;
  const started = new Promise<void>((resolve) => (reportStarted = resolve));

  const write = async (): Promise<void> => {
    if (!latest || owed === null) return;
    owed = null;
    lastWriteAt = clock.now();
    try {
      // The run's own time, which may be paced, not this clock's.
      const status = toStatus(latest, { logDir: dir, now: latest.updatedAt });
      await writeFileAtomic(path, `${safeJson(JSON.stringify(status, null, 2))}\n`);
    } catch (error) {
      onError(path, error);
    }
    reportStarted();
  };

  const stopTimer = (): void => {
    timer?.cancel();
    timer = null;
  };

  const begin = (): void => {
    stopTimer();
    writing = write().then(() => {
      writing = null;
      plan();
    });
  };

  /** Writes what is owed, now or when it is due. */
  const plan = (): void => {
    if (owed === null || writing || isClosed) return;
    const due = lastWriteAt + WAIT_MS[owed];
    const wait = due - clock.now();
    if (wait <= 0) return begin();
    if (timer && timer.due <= due) return;
    stopTimer();
    timer = { due, cancel: clock.after(wait, begin) };
  };

  return {
    update: (state, urgency) => {
      latest = state;
      if (owed !== 'soon') owed = urgency;
      plan();
    },
    started,
    close: async () => {
      isClosed = true;
      stopTimer();
      await writing;
      await write();
      reportStarted();
    },
  };
}
