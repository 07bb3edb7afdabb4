import { addLines, readLines } from './lines-file.ts';

/** What learning picked for a run. It says of what kind the run's task was, so that what is found out later counts there. */
export interface Pick {
  v: 1;
  /** Milliseconds since 1970. */
  at: number;
  run: string;
  kind: string;
  arm: string;
  /** What it was picked from. */
  arms: string[];
  /** With it and the evidence of that time the same is picked again. */
  seed: number;
}

/** Where picks are kept: a file with a line for each run, which is only ever added to. */
export class PickFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Oldest first; lines that cannot be read are left out. */
  async read(): Promise<Pick[]> {
    return (await readLines(this.path)).flatMap((line) => parse(line) ?? []);
  }

  /** Rejects with a MassgenError when it cannot be written. */
  add(pick: Pick): Promise<void> {
    return addLines(this.path, [pick]);
  }
}

function parse(line: string): Pick | null {
  try {
    const value = JSON.parse(line) as Pick | null;
    const isWhole =
      value?.v === 1 &&
      [value.run, value.kind, value.arm].every((text) => typeof text === 'string') &&
      [value.at, value.seed].every((number) => Number.isFinite(number)) &&
      Array.isArray(value.arms) &&
      value.arms.every((arm) => typeof arm === 'string');
    return isWhole ? value : null;
  } catch {
    return null;
  }
}
