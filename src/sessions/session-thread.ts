import type { WantedFile } from '../engine/input-files.ts';
import type { RunPast } from '../engine/start-run.ts';
import { createRunId } from '../platform/ids.ts';
import { earlierFiles } from './earlier-files.ts';
import { earlierInputs } from './earlier-inputs.ts';
import { earlierPersonas } from './earlier-personas.ts';
import { readHistory } from './history.ts';
import type { SessionStore } from './session-store.ts';

/** The session that a command or the app works in. It is written when its first run begins, not before. */
export interface SessionThread {
  readonly id: string;
  /** What the next run goes on from. */
  past(): Promise<RunPast>;
  /** Files that went along with earlier questions, and stay with the conversation. */
  inputs(): Promise<WantedFile[]>;
  /** Adds a run that has begun. Rejects with a MassgenError when that cannot be written. */
  add(run: { run: string; dir: string; startedAt: number }): Promise<void>;
}

export interface ThreadOptions {
  store: SessionStore;
  /** An id that is there or is to be made; null draws a new one. */
  id: string | null;
  cwd: string;
  /** Milliseconds since 1970. */
  now: number;
}

export function openThread({ store, id: wanted, cwd, now }: ThreadOptions): SessionThread {
  const id = wanted ?? `session-${createRunId(now)}`;
  return {
    id,
    past: async () => {
      const session = await store.load(id);
      if (!session) return { session: id };
      const [history, files, personas] = await Promise.all([
        readHistory(session),
        earlierFiles(session),
        earlierPersonas(session),
      ]);
      return {
        session: id,
        ...(history.length > 0 && { history }),
        ...(files !== null && { earlierFiles: files }),
        ...(personas !== null && { personas }),
      };
    },
    inputs: async () => {
      const session = await store.load(id);
      return session ? earlierInputs(session) : [];
    },
    add: async (run) => {
      if (!(await store.load(id))) await store.create({ id, name: null, createdAt: now, cwd, parent: null });
      await store.addRun(id, run);
    },
  };
}
