import { addLines, readLines } from './lines-file.ts';

export const SOURCES = ['grader', 'user', 'votes', 'outcome'] as const;

/** One thing that was found out about a choice. Evidence is only ever added. */
export interface Evidence {
  v: 1;
  /** Milliseconds since 1970. */
  at: number;
  /** The kind of task, e.g. `arithmetic`. */
  kind: string;
  /** What was chosen, such as `team:trio`, `model:gpt-5`, `size:3` or `personas:diverse`. */
  arm: string;
  /** 0 for bad to 1 for good. */
  reward: number;
  /** A grader of an evaluation, the user's thumb, the votes of a run, or that it came to no answer. */
  source: (typeof SOURCES)[number];
  /** The run that it came from; what one source says of one arm in one run counts once. */
  run: string;
}

/** Where evidence is kept: a file with a line for each. */
export class EvidenceFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The last word of each source on each arm in each run, oldest first; lines that cannot be read are left out. */
  async read(): Promise<Evidence[]> {
    const latest = new Map<string, Evidence>();
    for (const line of await readLines(this.path)) {
      const evidence = parse(line);
      if (evidence) latest.set(placeOf(evidence), evidence);
    }
    return [...latest.values()];
  }

  /** Adds what is not known yet, word for word, and resolves with it. Rejects with a MassgenError when it cannot be written. */
  async add(evidence: readonly Evidence[]): Promise<Evidence[]> {
    const known = new Map((await this.read()).map((each) => [placeOf(each), each]));
    const added = evidence.filter((each) => !saysTheSame(known.get(placeOf(each)), each));
    await addLines(this.path, added);
    return added;
  }
}

/** What one source says of one arm in one run stands in one place. */
function placeOf({ run, source, arm }: Evidence): string {
  return `${run}/${source}/${arm}`;
}

function saysTheSame(known: Evidence | undefined, { kind, reward }: Evidence): boolean {
  return known?.kind === kind && known.reward === reward;
}

function parse(line: string): Evidence | null {
  try {
    const value = JSON.parse(line) as Evidence | null;
    const isWhole =
      value?.v === 1 &&
      typeof value.arm === 'string' &&
      typeof value.kind === 'string' &&
      value.reward >= 0 &&
      value.reward <= 1;
    return isWhole ? value : null;
  } catch {
    return null;
  }
}
