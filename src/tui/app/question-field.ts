import { messageOf } from '../../platform/errors.ts';
import { insertText, submitText, type EditorState } from '../input/editor.ts';
import type { ActionId } from '../input/keymap.ts';
import { collapsePaste, expandPastes } from '../input/pastes.ts';
import type { TuiPorts } from '../ports.ts';
import type { Tone } from '../store/blocks.ts';
import { sanitize } from '../text/sanitize.ts';
import { openAsk, withDraft } from '../view/asks.ts';
import { contextOf } from '../view/footer.ts';
import type { Model } from '../view/model.ts';
import { isInWords } from '../view/prompt.ts';
import { typedInAsk } from './ask-action.ts';
import { findCommand, WITH_WORDS } from './command-line.ts';
import { commandCompletion, completable, completionOf } from './completion.ts';
import { typedInPrompt } from './prompt-action.ts';

/** What the field needs of the app. */
export interface QuestionFieldHost {
  ports: TuiPorts;
  model: () => Model;
  set: (change: Partial<Model>) => void;
  say: (tone: Tone, text: string, isBrief?: boolean) => void;
  /** `words` is what followed the command's name. */
  act: (action: ActionId, digit: number, words: string) => void;
  /** Null where no editor can be opened. */
  editOutside: ((text: string) => Promise<string>) | null;
}

/** Typing, pasting, completion, commands and the user's own editor: the question field, and any other line that is typed. */
export class QuestionField {
  readonly #host: QuestionFieldHost;

  constructor(host: QuestionFieldHost) {
    this.#host = host;
  }

  /** Questions of earlier sessions, before those of this one. */
  async loadHistory(): Promise<void> {
    const earlier = (await this.#host.ports.loadHistory?.()) ?? [];
    if (earlier.length === 0) return;
    const { editor } = this.#host.model();
    // Somebody may be walking through the history already.
    const history = [...earlier, ...editor.history];
    this.#host.set({ editor: { ...editor, history, place: editor.place + earlier.length } });
  }

  /** Typed or pasted text goes where the cursor is. */
  insert(text: string): void {
    const context = contextOf(this.#host.model());
    if (context === 'input') {
      this.#host.set({ editor: insertText(this.#host.model().editor, text) });
      this.complete();
    }
    if (context === 'reply') this.#host.set(typedInAsk(this.#host.model(), text));
    if (context === 'prompt') this.#host.set(typedInPrompt(this.#host.model(), text));
  }

  /** A long paste is shown as a mark, where what is typed goes to people or agents. */
  paste(text: string): void {
    const model = this.#host.model();
    const takesMarks = editedText(model) !== null;
    const collapsed = takesMarks ? collapsePaste(model.pastes, sanitize(text)) : null;
    if (collapsed) this.#host.set({ pastes: collapsed.pastes });
    this.insert(collapsed?.mark ?? text);
  }

  /** Offers what may stand at the cursor. Paths come a moment later, if they are still asked for then. */
  complete(): void {
    const wanted = completable(this.#host.model().editor);
    if (wanted?.kind === 'command') {
      return this.#host.set({ completion: commandCompletion(this.#host.model(), wanted.from, wanted.text) });
    }
    if (this.#host.model().completion) this.#host.set({ completion: null });
    const { completePath } = this.#host.ports;
    if (wanted?.kind !== 'path' || !completePath) return;
    const { editor } = this.#host.model();
    void completePath(wanted.text).then((paths) => {
      if (this.#host.model().editor === editor)
        this.#host.set({ completion: completionOf('path', wanted.from, paths) });
    });
  }

  /** A line that begins with a slash is a command, not a question. What is wrong with it is said, and it stays. */
  runCommand({ word, rest }: { word: string; rest: string }): void {
    const { model, say, set, act } = this.#host;
    const { completion } = model();
    const picked = completion?.kind === 'command' ? completion.items[completion.pick] : undefined;
    const exact = findCommand(model(), word);
    const command =
      typeof exact === 'string' && picked !== undefined && rest === '' ? findCommand(model(), picked) : exact;
    if (typeof command === 'string') return say('warn', command, false);
    if (rest !== '' && !WITH_WORDS.has(command.action)) return say('warn', `Nothing may follow /${command.name}.`);
    set({ editor: submitText(model().editor), completion: null, isEditing: false });
    act(command.action, command.digit, rest);
  }

  /** The question, or the answer, reason or comment that is typed, in the user's own editor. */
  async editOutside(): Promise<void> {
    const { editOutside, model, set, say } = this.#host;
    if (!editOutside) return say('warn', 'No editor can be opened from here.');
    const before = editedText(model());
    if (before === null) return say('info', 'This line is typed here.');
    try {
      const text = await editOutside(expandPastes(before, model().pastes));
      set(withEditedText(model(), text));
    } catch (error) {
      say('err', messageOf(error), false);
    }
  }
}

/** What is typed of more than one line; null where that is something else, or nothing. */
function editedText(model: Model): string | null {
  switch (contextOf(model)) {
    case 'input':
      return model.editor.text;
    case 'reply':
      return openAsk(model)?.draft.editor.text ?? null;
    case 'prompt':
      return model.prompt && isInWords(model.prompt.kind) ? model.prompt.editor.text : null;
    default:
      return null;
  }
}

function withEditedText(model: Model, text: string): Partial<Model> {
  const anew = (editor: EditorState): EditorState => insertText({ ...editor, text: '', cursor: 0 }, text);
  switch (contextOf(model)) {
    case 'input':
      return { editor: anew(model.editor), completion: null };
    case 'reply': {
      const open = openAsk(model);
      return open ? withDraft(model, open.ask.id, { ...open.draft, editor: anew(open.draft.editor) }) : {};
    }
    case 'prompt':
      return model.prompt ? { prompt: { ...model.prompt, editor: anew(model.prompt.editor) } } : {};
    default:
      return {};
  }
}
