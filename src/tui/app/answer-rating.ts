import type { RunEvent } from '../../events/event.ts';
import type { RunHandle } from '../../events/run-handle.ts';
import { messageOf } from '../../platform/errors.ts';
import type { ActionId } from '../input/keymap.ts';
import type { TuiPorts } from '../ports.ts';
import type { Tone } from '../store/blocks.ts';
import type { Model } from '../view/model.ts';

/** What rating needs of the app. */
export interface AnswerRatingHost {
  ports: TuiPorts;
  model: () => Model;
  say: (tone: Tone, text: string, isBrief?: boolean) => void;
  /** The run in front; null where there is none. */
  handle: () => RunHandle | null;
  /** Shows an event that was written after the run's end. */
  show: (event: RunEvent) => void;
}

/** Thumbs up and down for the final answer, while the run goes on and after its end. */
export class AnswerRating {
  readonly #host: AnswerRatingHost;
  /** One after the other: each of them opens the log. */
  #last: Promise<void> = Promise.resolve();

  constructor(host: AnswerRatingHost) {
    this.#host = host;
  }

  /** True if the action was one of these. The same one again takes the rating back. */
  run(action: ActionId): boolean {
    if (action !== 'rate-up' && action !== 'rate-down') return false;
    this.#last = this.#last.then(() => this.#rate(action === 'rate-up' ? 'up' : 'down'));
    return true;
  }

  async #rate(wanted: 'up' | 'down'): Promise<void> {
    const { ports, model, say, handle, show } = this.#host;
    const run = model().run;
    const front = handle();
    if (!run?.state?.final || !front) return say('info', 'There is no final answer to rate yet.');
    const rating = run.state.rating === wanted ? null : wanted;
    const word = rating === null ? 'the rating is taken back' : `rated ${rating === 'up' ? 'good' : 'bad'}`;
    if (model().isRunActive) {
      front.send({ type: 'rate', rating });
      return say('ok', word);
    }
    if (!ports.rate) return say('warn', 'Answers cannot be rated from here.');
    try {
      // The run lets go of its log only then.
      await front.ended.catch(() => undefined);
      const event = await ports.rate(front.dir, rating);
      if (event && model().run === run) show(event);
      say('ok', word);
    } catch (error) {
      say('err', messageOf(error), false);
    }
  }
}
