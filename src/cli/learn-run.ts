import { foldEvents } from '../coordination/apply.ts';
import type { EvidenceFile } from '../evaluation/learning/evidence.ts';
import { evidenceOfRun } from '../evaluation/learning/evidence-of.ts';
import type { Pick as Picked, PickFile } from '../evaluation/learning/picks.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { oneLine } from '../headless/plain-text.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/errors.ts';
import { readAll } from '../runlog/read-run-log.ts';

export interface RunLearningOptions {
  picked: Omit<Picked, 'v' | 'at' | 'run'>;
  /** What was picked and why, on one line. */
  line: string;
  picks: PickFile;
  evidence: EvidenceFile;
  clock: Clock;
  /** Prints a line that is no result. */
  warn: (line: string) => void;
}

/** What learning has to do with the runs of a team that it picked. */
export class RunLearning {
  readonly #options: RunLearningOptions;
  readonly #runs: Pick<RunHandle, 'id' | 'dir'>[] = [];

  constructor(options: RunLearningOptions) {
    this.#options = options;
  }

  get line(): string {
    return this.#options.line;
  }

  /** The same in a few words, for screens that name the team. */
  get pickWords(): string {
    const { arm, kind } = this.#options.picked;
    return oneLine(`learning picked ${arm} for "${kind}"`);
  }

  /** Keeps what was picked for a run. Never rejects: `onProblem` is told, and the run goes on without. */
  async began({ id, dir }: Pick<RunHandle, 'id' | 'dir'>, onProblem = this.#options.warn): Promise<void> {
    const { picks, picked, clock } = this.#options;
    this.#runs.push({ id, dir });
    await picks
      .add({ v: 1, at: clock.now(), run: id, ...picked })
      .catch((error: unknown) => onProblem(messageOf(error)));
  }

  /** For a run that was begun before and is gone on with: its pick is kept already. */
  resumed({ id, dir }: Pick<RunHandle, 'id' | 'dir'>): void {
    this.#runs.push({ id, dir });
  }

  /** Takes over what was said of the runs, and says what that was; for when they have ended. Never rejects. */
  async collect(): Promise<void> {
    for (const run of this.#runs) {
      await this.#collectFrom(run).catch((error: unknown) => this.#options.warn(messageOf(error)));
    }
  }

  async #collectFrom({ id, dir }: Pick<RunHandle, 'id' | 'dir'>): Promise<void> {
    const { evidence, picked, warn } = this.#options;
    const state = foldEvents(await readAll(dir));
    const found = state?.end ? evidenceOfRun(state, picked.kind) : [];
    const added = (await evidence.add(found)).map(
      ({ arm, reward, source }) => `${oneLine(arm)} ${Math.round(reward * 100)} % (${source})`,
    );
    if (added.length > 0) warn(`Learnt of "${oneLine(picked.kind)}" from ${id}: ${added.join(', ')}.`);
    if (found.some(({ arm }) => arm === picked.arm)) return;
    if (!state?.final) return warn(`${id} was cut off, so nothing was learnt of ${oneLine(picked.arm)}.`);
    warn(
      `Nobody has said yet what ${oneLine(picked.arm)} was worth in ${id}: rate its answer in the app (+ or -), then "massgen learn collect ${id}" takes that over.`,
    );
  }
}
