import type { AnswerLabel } from '../../events/event.ts';
import type { Command } from '../../events/run-handle.ts';
import { messageOf } from '../../platform/errors.ts';
import type { ActionId } from '../input/keymap.ts';
import type { TuiPorts } from '../ports.ts';
import type { Tone } from '../store/blocks.ts';
import { allAnswers } from '../view/answers-page.ts';
import { browserParts } from '../view/browser.ts';
import { nameOf } from '../view/commands.ts';
import { formatCount } from '../view/format.ts';
import type { Listeners, Model } from '../view/model.ts';
import { nameText } from '../view/names.ts';
import { selectionHere } from '../view/selected-rows.ts';
import { placesOf } from '../view/screen.ts';
import { copyOf, finalOf, type Copied } from './copy-text.ts';
import { openedText } from './open-text.ts';
import { selectedText } from './select-action.ts';
import { keyWord } from '../view/key-of.ts';

/** What errands need of the app. */
export interface ErrandsHost {
  ports: TuiPorts;
  model: () => Model;
  set: (change: Partial<Model>) => void;
  say: (tone: Tone, text: string, isBrief?: boolean) => void;
  /** Tells the run something; nothing where none is going. */
  send: (command: Command) => void;
  /** Asks the terminal to take text into the clipboard; false where it is too long for that. */
  copyToTerminal: (text: string) => boolean;
  /** Shows a text in a pager. Null where none can be opened. Rejects with a MassgenError. */
  openOutside: ((text: string) => Promise<void>) | null;
}

/** What the user has done outside of the screen: the clipboard, files, and words to the run. */
export class Errands {
  readonly #host: ErrandsHost;

  constructor(host: ErrandsHost) {
    this.#host = host;
  }

  /** True if the action was one of these. */
  run(action: ActionId): boolean {
    const { model, send, say } = this.#host;
    switch (action) {
      case 'copy-block':
        void this.#copy(copyOf(model()));
        return true;
      case 'copy-selection': {
        const selection = selectionHere(model());
        if (!selection) return true;
        void this.#copy({ text: selectedText(model(), selection), what: 'the selected rows' });
        this.#host.set({ selection: null });
        return true;
      }
      case 'open-text':
        void this.#open();
        return true;
      case 'copy-answer':
        void this.#copy(finalOf(model()));
        return true;
      case 'cancel':
        say('warn', 'cancelling the run');
        send({ type: 'cancel', by: 'user' });
        return true;
      case 'answer-now':
        say('info', 'asked for the answer now: no further round begins');
        send({ type: 'answer-now', by: 'user' });
        return true;
      case 'vote-answer':
      case 'veto-answer':
      case 'choose-answer':
        this.#judgePicked(action);
        return true;
      default:
        return false;
    }
  }

  /** Text for one agent, or for all. Their panes show when it was read. False where it could not be sent: it is kept. */
  tell(text: string, to: Listeners): boolean {
    const { model, set, send, say } = this.#host;
    const { isRunActive, run } = model();
    if (!isRunActive) {
      // What was meant for agents at work must not become a question by itself.
      set({ fieldFor: 'question' });
      say('warn', `The run is over, nobody read it: ${keyWord(model(), 'send')} again asks it as a question`, false);
      return false;
    }
    send({ type: 'message', to: to === 'all' ? 'all' : [to.agent], text });
    const name = to === 'all' || !run?.state ? 'all agents' : nameText(run.state, to.agent);
    say('info', `sent to ${name}; it is read at the next safe point`);
    return true;
  }

  async save(path: string): Promise<void> {
    const { ports, model, say } = this.#host;
    const final = finalOf(model());
    if (!final || path.trim() === '') return;
    if (!ports.save) return say('warn', 'Files cannot be written from here.');
    try {
      say('ok', `saved ${await ports.save(path.trim(), `${final.text.trimEnd()}\n`)}`, false);
    } catch (error) {
      say('err', messageOf(error), false);
    }
  }

  async #open(): Promise<void> {
    const { model, openOutside, say } = this.#host;
    const opened = openedText(model());
    if (!opened) return say('info', 'There is nothing to open here yet.');
    if (!openOutside) return say('warn', 'No pager can be opened from here.');
    try {
      await openOutside(opened.text);
    } catch (error) {
      say('err', messageOf(error), false);
    }
  }

  /** Says what was really done: a terminal may ignore what it was asked. */
  async #copy(copied: Copied | null): Promise<void> {
    const { ports, copyToTerminal, say } = this.#host;
    if (!copied || copied.text === '') return say('info', 'There is nothing to copy here yet.');
    const size = `${copied.what}, ${formatCount(copied.text.length)} characters`;
    const tool = (await ports.copy?.(copied.text)) ?? null;
    if (tool !== null) return say('ok', `copied ${size} (${tool})`);
    if (copyToTerminal(copied.text))
      return say('ok', `sent ${size} to the terminal's clipboard (OSC 52), if it allows that`);
    say(
      'warn',
      `${size} is too long for the terminal's clipboard; ${keyWord(this.#host.model(), 'save')} saves the final answer to a file`,
    );
  }

  /** The user's own word on the answer that is picked on the screen of answers. */
  #judgePicked(action: JudgeAction): void {
    const { model, set, say } = this.#host;
    const now = model();
    const state = now.run?.state;
    if (!state) return;
    if (now.view !== 'answers')
      return say(
        'info',
        `Name an answer: /${nameOf(action)} agent1.1, or pick it on ${keyWord(model(), 'answers')}.`,
        false,
      );
    const { pick } = browserParts(now, state, 'answers', placesOf(now).body);
    const label = allAnswers(state)[pick]?.label;
    if (label === undefined) return;
    // The last word ends the vote, so it is asked for twice.
    if (action === 'choose-answer' && now.isRunActive && now.asked?.label !== label) {
      set({ asked: { label } });
      return say(
        'warn',
        `${keyWord(model(), 'choose-answer')} again makes ${label} the winner and ends the vote`,
        false,
      );
    }
    set({ asked: null });
    this.judge(action, label, '');
  }

  /** The user's vote for an answer, their veto of it, or their choice of it. */
  judge(action: JudgeAction, label: AnswerLabel, reason: string): void {
    const { model, send, say } = this.#host;
    if (!model().isRunActive) return say('info', 'The run is over: nothing can be changed any more.');
    switch (action) {
      case 'vote-answer':
        send({ type: 'vote', label });
        return say('info', `your vote for ${label} was sent`);
      case 'veto-answer':
        send({ type: 'veto', label, reason: reason || 'the user does not want it' });
        return say('warn', `your veto of ${label} was sent`);
      case 'choose-answer':
        send({ type: 'override', label });
        return say('warn', `${label} was chosen by you`);
    }
  }
}

type JudgeAction = 'vote-answer' | 'veto-answer' | 'choose-answer';
