import type { AnswerLabel } from '../events/event.ts';

/** One file that an answer was handed in with. Names and contents are hostile: they are shown sanitized only. */
export interface AnswerFile {
  path: string;
  bytes: number;
  /** Equal for equal contents; null where they were not compared. */
  hash: string | null;
  kind: 'file' | 'link' | 'other';
}

export interface AnswerFiles {
  files: AnswerFile[];
  /** How many more there are. */
  leftOut: number;
}

export type FileContent =
  | { kind: 'text'; text: string; isCut: boolean }
  | { kind: 'binary'; bytes: number }
  | { kind: 'missing' };

/** Where the files of a run's answers are read. */
export interface FilesPort {
  /** Null where an answer has none. Rejects with an error that says why they cannot be read. */
  list(runDir: string, label: AnswerLabel): Promise<AnswerFiles | null>;
  read(runDir: string, label: AnswerLabel, path: string): Promise<FileContent>;
  /** A file of the run's folder, such as the patch of proposed changes. */
  readOfRun(runDir: string, path: string): Promise<FileContent>;
}

/** What has been read so far, by label and by path. */
export interface FilesState {
  /** The answer whose files are shown; null is the one that matters most. */
  label: AnswerLabel | null;
  lists: ReadonlyMap<AnswerLabel, AnswerFiles | 'none' | { trouble: string }>;
  contents: ReadonlyMap<string, FileContent | { trouble: string }>;
}

export const NO_FILES: FilesState = { label: null, lists: new Map(), contents: new Map() };

export function contentKey(label: AnswerLabel, path: string): string {
  return `${label}\n${path}`;
}
