import { appendFile, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MassgenError } from '../../platform/errors.ts';
import { makeFolder } from '../../platform/make-folder.ts';
import type { Trial } from '../suite/suite.ts';
import type { TrialRecord } from './trial-record.ts';

/** The records of a suite, one per line, in the order in which they came. What stands in it is not done again. */
export class ResultsFile {
  readonly path: string;
  /** Appends one after the other. */
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  /** The last record of each trial; a line that a crash cut off counts as not there. */
  async read(): Promise<TrialRecord[]> {
    const text = await readFile(this.path, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    });
    const records = new Map<string, TrialRecord>();
    for (const line of text.split('\n')) {
      const record = parse(line);
      if (record) records.set(record.key, record);
    }
    return [...records.values()];
  }

  /** Resolves when the record is in the file. Rejects with a MassgenError when it cannot be written. */
  add(record: TrialRecord): Promise<void> {
    const adding = this.#last.then(() => this.#append(record));
    this.#last = adding.catch(() => undefined);
    return adding;
  }

  async #append(record: TrialRecord): Promise<void> {
    try {
      await makeFolder(dirname(this.path));
      // The line break comes first, so that a line that was cut off spoils no other.
      await appendFile(this.path, `\n${JSON.stringify(record)}`, { mode: 0o600 });
    } catch (error) {
      throw new MassgenError('results-file', `The results cannot be written to ${this.path}. Is the disk full?`, {
        cause: error,
      });
    }
  }
}

/** The records of these trials, in the trials' order, so that reports are the same whichever ended first. */
export function inOrder(trials: readonly Trial[], records: readonly TrialRecord[]): TrialRecord[] {
  const byKey = new Map(records.map((record) => [record.key, record]));
  return trials.flatMap(({ key }) => byKey.get(key) ?? []);
}

function parse(line: string): TrialRecord | null {
  try {
    const value = JSON.parse(line) as TrialRecord | null;
    return value?.v === 1 && typeof value.key === 'string' ? value : null;
  } catch {
    return null;
  }
}
