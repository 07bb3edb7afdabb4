import { currentAnswers } from '../../coordination/views.ts';
import type { RunHandle } from '../../events/run-handle.ts';
import { messageOf } from '../../platform/errors.ts';
import type { ActionId } from '../input/keymap.ts';
import type { TuiPorts } from '../ports.ts';
import type { Tone } from '../store/blocks.ts';
import type { Model } from '../view/model.ts';
import { nameText } from '../view/names.ts';
import { agentIndex } from './command-line.ts';
import type { Errands } from './errands.ts';
import { focusedListener, startSearch } from './prompt-action.ts';
import type { Themes } from './theme-picker.ts';
import type { SlowWork } from './slow-work.ts';

/** What commands with words need of the app. */
export interface WordedCommandsHost {
  ports: TuiPorts;
  errands: Errands;
  themes: Themes | null;
  model: () => Model;
  set: (change: Partial<Model>) => void;
  say: (tone: Tone, text: string, isBrief?: boolean) => void;
  act: (action: ActionId) => void;
  /** Shows a run that is over, once it is read. Rejects as that does. */
  open: (read: SlowWork<RunHandle | undefined>) => Promise<void>;
}

/** Commands that were typed with something after their name: `/vote agent2.1`, `/context 2`, `/theme light`. */
export class WordedCommands {
  readonly #host: WordedCommandsHost;

  constructor(host: WordedCommandsHost) {
    this.#host = host;
  }

  run(action: ActionId, words: string): void {
    const { model, set, errands, act } = this.#host;
    switch (action) {
      case 'vote-answer':
      case 'veto-answer':
      case 'choose-answer':
        return this.#judge(action, words);
      case 'message':
        return void errands.tell(words, focusedListener(model()));
      case 'message-all':
        return void errands.tell(words, 'all');
      case 'save':
        return void errands.save(words);
      case 'search':
      case 'search-all':
        return set({ view: 'panes', ...startSearch({ ...model(), view: 'panes' }, words, action === 'search-all') });
      case 'context':
        return this.#showContext(words);
      case 'pick-theme':
        return this.#useTheme(words);
      case 'inspect':
        if (words === 'all') return act('turns');
        return void this.#inspect(words);
      default:
        return act(action);
    }
  }

  #judge(action: 'vote-answer' | 'veto-answer' | 'choose-answer', words: string): void {
    const { model, errands, say } = this.#host;
    const state = model().run?.state;
    const [label = '', ...reason] = words.split(/\s+/);
    const labels = state ? currentAnswers(state).map((answer) => answer.label) : [];
    if (!labels.includes(label)) {
      const there = labels.length === 0 ? 'there is none yet' : `there are ${labels.join(', ')}`;
      return say('warn', `No current answer is called ${label}: ${there}.`, false);
    }
    errands.judge(action, label, reason.join(' '));
  }

  #showContext(words: string): void {
    const { model, set, say } = this.#host;
    const index = agentIndex(model(), words);
    if (index !== null) return set({ focus: index, view: 'context' });
    const { run } = model();
    const names = run?.state ? run.panes.map((alias) => (run.state ? nameText(run.state, alias) : alias)) : [];
    say('warn', `No agent is called ${words}: there are ${names.join(', ')}.`, false);
  }

  #useTheme(name: string): void {
    const { themes, say } = this.#host;
    const names = themes?.names() ?? [];
    if (themes && name === 'auto') {
      themes.keep('auto');
      return say('info', 'from the next start on, the theme is the one that suits the terminal');
    }
    if (!themes || !names.includes(name))
      return say('warn', `No theme is called ${name}: ${[...names, 'auto'].join(', ')}.`, false);
    themes.use(name);
    themes.keep();
  }

  /** A question of this session, by its number. */
  async #inspect(words: string): Promise<void> {
    const { ports, model, open, say } = this.#host;
    if (!/^[1-9]\d*$/.test(words)) return say('warn', '/inspect takes the number of a question, or all.');
    if (model().isRunActive || model().isStarting)
      return say('info', 'A run is going: earlier ones open when it has ended.');
    const turns = (await ports.sessions?.current())?.turns ?? [];
    const turn = turns[Number(words) - 1];
    if (!turn)
      return say('warn', `This session has ${turns.length === 1 ? 'one question' : `${turns.length} questions`}.`);
    try {
      await open(async (onPart) => ports.sessions?.openTurn(turn.dir, onPart));
    } catch (error) {
      say('err', messageOf(error), false);
    }
  }
}
