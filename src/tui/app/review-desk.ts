import type { RunEvent } from '../../events/event.ts';
import type { RunHandle } from '../../events/run-handle.ts';
import { canSendBack } from '../../coordination/file-changes.ts';
import { messageOf } from '../../platform/errors.ts';
import type { ActionId } from '../input/keymap.ts';
import { expandPastes } from '../input/pastes.ts';
import type { TuiPorts, WrittenFiles } from '../ports.ts';
import type { Tone } from '../store/blocks.ts';
import { plural } from '../view/format.ts';
import { keyWord } from '../view/key-of.ts';
import type { Model } from '../view/model.ts';
import { NO_REVIEW } from '../view/review-state.ts';
import { chosenChanges, reviewStage } from '../view/review.ts';

/** What the review needs of the app. */
export interface ReviewDeskHost {
  ports: TuiPorts;
  model: () => Model;
  set: (change: Partial<Model>) => void;
  say: (tone: Tone, text: string, isBrief?: boolean) => void;
  /** The run in front; null where there is none. */
  handle: () => RunHandle | null;
  /** Shows an event that was written after the run's end. */
  show: (event: RunEvent) => void;
}

/** What the user decides over changed files: while the run waits for it, and after its end. */
export class ReviewDesk {
  readonly #host: ReviewDeskHost;
  #isBusy = false;

  constructor(host: ReviewDeskHost) {
    this.#host = host;
  }

  /** True if the action was one of these. Whatever touches the user's folder is asked for twice. */
  run(action: ActionId): boolean {
    if (action === 'decide-files') this.#write();
    else if (action === 'undo-files') this.#undo();
    else return false;
    return true;
  }

  /** What is chosen is written, and the run ends. */
  decide(comment: string): void {
    const { model, say } = this.#host;
    const changes = model().run?.state?.changes;
    if (!changes || reviewStage(model()) !== 'now') return say('info', 'This was decided meanwhile.');
    const { paths, hunks } = chosenChanges(model(), changes);
    const isPart = Object.keys(hunks).length > 0;
    this.#host.handle()?.send({ type: 'review', paths, comment: this.#whole(comment), ...(isPart && { hunks }) });
    const some = isPart ? `, of ${Object.keys(hunks).length} of them a part` : '';
    say('ok', `${paths.length} of ${plural(changes.files.length, 'file')} accepted${some}`);
  }

  /** Nothing is written; the team works on with what the user says. */
  sendBack(comment: string): void {
    const { model, set, say, handle } = this.#host;
    const { run } = model();
    if (!run?.state || reviewStage(model()) !== 'now') return say('info', 'This was decided meanwhile.');
    if (comment.trim() === '') return say('info', 'Say what is to be different: without that nobody knows what to do.');
    if (!canSendBack(run.state)) {
      const text = `The run may not go on. ${keyWord(model(), 'decide-files')} declines with a comment; the next question begins with it`;
      return say('warn', text, false);
    }
    handle()?.send({ type: 'send-back', comment: this.#whole(comment) });
    set({ view: 'panes', review: NO_REVIEW });
    say('ok', 'sent back: the team begins anew with what you said', false);
  }

  #whole(comment: string): string {
    return expandPastes(comment.trim(), this.#host.model().pastes);
  }

  #write(): void {
    const { ports, model, say, set } = this.#host;
    const changes = model().run?.state?.changes;
    if (!changes || reviewStage(model()) !== 'after') return say('info', 'There is nothing to decide here.');
    const { writeChanges } = ports;
    if (!writeChanges) return say('warn', 'Files cannot be written from here.');
    const { paths, hunks } = chosenChanges(model(), changes);
    if (paths.length === 0) return say('info', 'Every file is left out.');
    if (model().review.asked !== 'write') {
      set({ review: { ...model().review, asked: 'write' } });
      const key = keyWord(model(), 'decide-files');
      return say('warn', `${key} again writes ${plural(paths.length, 'file')} to your folder`, false);
    }
    void this.#do((dir) => writeChanges(dir, paths, hunks), 'written to your folder');
  }

  #undo(): void {
    const { ports, model, say, set } = this.#host;
    const changes = model().run?.state?.changes;
    if (changes?.state !== 'applied') return say('info', 'Nothing of this run was written to your folder.');
    if (!model().run?.state?.end) return say('info', 'The run has not ended yet.');
    const { undoChanges } = ports;
    if (!undoChanges) return say('warn', 'Files cannot be brought back from here.');
    if (model().review.asked !== 'undo') {
      set({ review: { ...model().review, asked: 'undo' } });
      return say('warn', `${keyWord(model(), 'undo-files')} again brings back what was in your folder before`, false);
    }
    void this.#do((dir) => undoChanges(dir), 'brought back');
  }

  async #do(work: (dir: string) => Promise<WrittenFiles>, word: string): Promise<void> {
    const { model, set, say, handle, show } = this.#host;
    const front = handle();
    const { run } = model();
    set({ review: { ...model().review, asked: null } });
    if (!front || this.#isBusy) return;
    this.#isBusy = true;
    try {
      // The run lets go of its log only then.
      await front.ended.catch(() => undefined);
      const { event, paths, left } = await work(front.dir);
      if (model().run === run) show(event);
      const [first] = left;
      const more = left.length > 1 ? `, and ${left.length - 1} more` : '';
      if (first)
        say('warn', `${plural(paths.length, 'file')} ${word}; left: ${first.path}, ${first.reason}${more}`, false);
      else say('ok', `${plural(paths.length, 'file')} ${word}`, false);
    } catch (error) {
      say('err', messageOf(error), false);
    } finally {
      this.#isBusy = false;
    }
  }
}
