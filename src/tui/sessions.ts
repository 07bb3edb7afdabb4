import type { RunHandle } from '../events/run-handle.ts';
import type { Cost } from '../events/usage.ts';

/** One question of a session and what came of it. */
export interface TurnChoice {
  /** The run's folder, absolute. */
  dir: string;
  /** `2026-11-22 18:21`, in UTC. */
  when: string;
  question: string;
  /** Null where there is none. */
  answer: string | null;
  /** What agents had by then, where there is no answer: handed in, or only begun and marked so. */
  left: readonly LeftText[];
  /** A word: how it ended, or `unfinished`. */
  outcome: string;
  /** Null where no model was called. */
  cost: Cost | null;
}

/** What one agent had when its run ended without a final answer. */
export interface LeftText {
  /** Whose it is, and what came of it: `ann, votes for bob`. */
  title: string;
  text: string;
  /** It was cut off in the middle of it. */
  isUnfinished: boolean;
}

/** A conversation with teams. */
export interface SessionChoice {
  id: string;
  /** Given by the user; null without one. */
  name: string | null;
  /** When it was last used: `2026-11-22 18:21`, in UTC. */
  when: string;
  /** The folder that it was begun in. */
  cwd: string;
  /** It was begun in the folder that the app was started in. */
  isHere: boolean;
  /** The next question belongs to it. */
  isCurrent: boolean;
  /** The session that it branched off; null for one of its own. */
  parent: string | null;
  /** Oldest first. Runs whose logs are gone are left out. */
  turns: readonly TurnChoice[];
}

/** What the app asks about sessions. */
export interface SessionPort {
  /** Sessions of this folder first, and the latest first among them. Never rejects. */
  list(): Promise<SessionChoice[]>;
  /** The session of the app; null before its first question. Never rejects. */
  current(): Promise<SessionChoice | null>;
  /** An earlier run, all of it at once; `onPart` is told how much of it was read, 0 … 1. Rejects with a MassgenError. */
  openTurn(dir: string, onPart?: (share: number) => void): Promise<RunHandle>;
  /** Questions from now on belong to this session. */
  goOn(id: string): void;
  /** Questions from now on belong to a new session, which knows of none before them. */
  begin(): void;
  /** A session with the same turns, which questions from now on belong to. Resolves with its id; rejects with a MassgenError. */
  fork(id: string): Promise<string>;
  /** Rejects with a MassgenError. */
  rename(id: string, name: string): Promise<void>;
  /** How many logs of runs would go with the session. Never rejects. */
  countLogs(id: string): Promise<number>;
  /** Deletes a session and the logs that only it has. Rejects with a MassgenError. */
  remove(id: string): Promise<void>;
}

/** What stands for a session in lists. */
export function titleOf({ name, turns, id }: Pick<SessionChoice, 'name' | 'turns' | 'id'>): string {
  return name ?? turns[0]?.question ?? id;
}
