import type { RunEvent } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';
import type { FilesPort } from './files.ts';
import type { Cost } from '../events/usage.ts';
import type { SessionPort } from './sessions.ts';
import type { TeamChoice } from './teams.ts';

/** One line of the list of earlier runs. */
export interface RunChoice {
  id: string;
  /** `2026-11-22 18:21`, in UTC. */
  when: string;
  question: string;
  /** A word: how it ended, or `unfinished`. */
  outcome: string;
  /** Null where nothing is known. */
  cost: Cost | null;
}

/** One setting of the team. A row without a value is a heading. */
export interface ConfigRow {
  key: string;
  /** Never a secret. */
  value: string;
  /** Where the value is from: `config`, `default`, the name of a variable; empty where that says nothing. */
  source: string;
}

/** What came of writing changed files, or of bringing back what was there. */
export interface WrittenFiles {
  paths: readonly string[];
  /** Files that were left as they are, and why. */
  left: readonly { path: string; reason: string }[];
  /** What the run's log says of it. */
  event: RunEvent;
}

/** What the app asks of the computer it runs on. What is missing cannot be done, and the app says so. */
export interface TuiPorts {
  /** Puts text on the clipboard with a program of the system. Its name, or null where there is none. Never rejects. */
  copy?: (text: string) => Promise<string | null>;
  /** Writes a new file and gives its absolute path. Rejects with a MassgenError, also for a file that exists. */
  save?: (path: string, text: string) => Promise<string>;
  /** Questions of earlier sessions, oldest first. Never rejects. */
  loadHistory?: () => Promise<string[]>;
  /** Remembers a question. Never rejects. */
  keepQuestion?: (question: string) => Promise<void>;
  /** Remembers the theme for the next start; `auto` forgets it. Never rejects. */
  keepTheme?: (name: string) => Promise<void>;
  /** Paths that begin with `prefix`, folders with a slash at their end, in order. Never rejects. */
  completePath?: (prefix: string) => Promise<string[]>;
  /** The teams there are to choose from. Never rejects. */
  listTeams?: () => Promise<TeamChoice[]>;
  /** Sessions, and what can be done with them. */
  sessions?: SessionPort;
  /** Earlier runs, newest first. Never rejects. */
  listRuns?: () => Promise<RunChoice[]>;
  /** An earlier run, all of it at once; `onPart` is told how much of it was read, 0 … 1. Rejects with a MassgenError. */
  openRun?: (id: string, onPart?: (share: number) => void) => Promise<RunHandle>;
  /** Writes what the user thinks of the answer to the log of a run that has ended; null where nothing changed. Rejects with a MassgenError. */
  rate?: (dir: string, rating: 'up' | 'down' | null) => Promise<RunEvent | null>;
  /** Writes accepted changes of a run that has ended into the user's folder; of files in `hunks` only these parts. Rejects with a MassgenError. */
  writeChanges?: (
    dir: string,
    paths: readonly string[],
    hunks: Readonly<Record<string, number[]>>,
  ) => Promise<WrittenFiles>;
  /** Brings back what was in the user's folder before. Rejects with a MassgenError. */
  undoChanges?: (dir: string) => Promise<WrittenFiles>;
  /** The team as it runs; null where there is none yet. */
  describeConfig?: () => Promise<readonly ConfigRow[] | null>;
  /** Lets the user change a text in an editor that has the terminal meanwhile. Rejects with a MassgenError. */
  editText?: (text: string) => Promise<string>;
  /** The files that answers were handed in with. */
  files?: FilesPort;
  /** Shows a text in a pager that has the terminal meanwhile; an editor where there is none. Rejects with a MassgenError. */
  openText?: (text: string) => Promise<void>;
}
