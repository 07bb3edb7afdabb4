import type { RunHandle } from '../../events/run-handle.ts';
import { messageOf } from '../../platform/errors.ts';
import type { TuiPorts } from '../ports.ts';
import type { Tone } from '../store/blocks.ts';
import { shownRuns } from '../view/run-picker-view.ts';
import type { Model } from '../view/model.ts';
import type { Slowly, SlowWork } from './slow-work.ts';

/** What the list of earlier runs needs of the app. */
export interface EarlierRunsHost {
  ports: TuiPorts;
  model: () => Model;
  set: (change: Partial<Model>) => void;
  say: (tone: Tone, text: string, isBrief?: boolean) => void;
  slowly: Slowly;
  /** Shows a run that is over, once it is read. Rejects as that does. */
  open: (read: SlowWork<RunHandle | undefined>) => Promise<void>;
}

/** Earlier runs: the list, and what opens one of them. */
export class EarlierRuns {
  readonly #host: EarlierRunsHost;

  constructor(host: EarlierRunsHost) {
    this.#host = host;
  }

  async list(): Promise<void> {
    const { ports, set, say, slowly } = this.#host;
    if (this.#isBusy) return say('info', 'A run is going: earlier ones open when it has ended.');
    const runs = (await slowly('looking through earlier runs', async () => ports.listRuns?.())) ?? [];
    if (this.#isBusy) return;
    if (runs.length === 0) return say('info', 'There is no earlier run in this folder.');
    set({ runPicker: { runs, pick: 0, filter: '' } });
  }

  async open(): Promise<void> {
    const { ports, model, set, say, open } = this.#host;
    const { runPicker } = model();
    const run = runPicker && shownRuns(runPicker)[runPicker.pick];
    if (runPicker && !run) return;
    set({ runPicker: null });
    if (!run) return;
    try {
      await open(async (onPart) => ports.openRun?.(run.id, onPart));
    } catch (error) {
      say('err', messageOf(error), false);
    }
  }

  get #isBusy(): boolean {
    const { isRunActive, isStarting } = this.#host.model();
    return isRunActive || isStarting;
  }
}
