import type { ApprovalScope, RunEvent } from '../../events/event.ts';
import type { Command } from '../../events/run-handle.ts';
import type { ActionId } from '../input/keymap.ts';
import { expandPastes } from '../input/pastes.ts';
import type { Tone } from '../store/blocks.ts';
import { askParts } from '../view/ask-view.ts';
import { NO_ASKS } from '../view/ask-draft.ts';
import { asksOf, openAsk, type Ask } from '../view/asks.ts';
import { plural } from '../view/format.ts';
import { keyWord } from '../view/key-of.ts';
import type { Model } from '../view/model.ts';
import { askerText } from '../view/names.ts';
import { seenRows } from './ask-action.ts';

type Open = NonNullable<ReturnType<typeof openAsk>>;

/** Keys that come sooner after a request has come to the front were meant for something else. */
const ASK_REST_MS = 400;

/** What the dialogs need of the app. */
export interface AskDialogsHost {
  now: () => number;
  model: () => Model;
  set: (change: Partial<Model>) => void;
  say: (tone: Tone, text: string, isBrief?: boolean) => void;
  send: (command: Command) => void;
  /** Draws the user's attention to a terminal that is not in front. */
  ring: (text: string) => void;
}

const SCOPES: Partial<Record<ActionId, ApprovalScope>> = {
  'allow-once': 'once',
  'allow-run': 'run',
  'allow-session': 'session',
  'allow-always': 'always',
};

/** What agents ask of the user: telling of it, opening it, and what is decided. Nothing opens by itself. */
export class AskDialogs {
  readonly #host: AskDialogsHost;

  constructor(host: AskDialogsHost) {
    this.#host = host;
  }

  /** Told about every event of the run in front, after it was folded. */
  notice(event: RunEvent): void {
    const { model, say, ring } = this.#host;
    if (event.type === 'approval.requested' || (event.type === 'question.asked' && event.data.to.includes('user'))) {
      const text = `${this.#nameOf(event.agent, event.data.subagent)} ${event.type === 'approval.requested' ? 'asks for leave' : 'asks you'}`;
      ring(text);
      if (model().asks.open === null) say('warn', `${text}: ${keyWord(model(), 'open-ask')} opens it`, false);
      return;
    }
    const { asks } = model();
    if (asks.open === null || openAsk(model())) return;
    // Somebody else was faster, or its turn is over.
    if (!asks.sent.has(asks.open)) say('info', `No longer open: ${endOf(event)}.`);
    this.#next();
  }

  /** True if the action was one of the dialogs'. */
  run(action: ActionId): boolean {
    if (action === 'open-ask') {
      this.#open();
      return true;
    }
    const open = openAsk(this.#host.model());
    if (!open || !DECIDING.has(action)) return false;
    // What is in front may have come there under a finger that was on its way.
    if (this.#host.now() - this.#host.model().asks.since < ASK_REST_MS) return true;
    if (open.ask.kind === 'approval' && action === 'skip-question') return true;
    if (open.ask.kind === 'approval') this.#decide(open, action);
    else this.#answer(open.ask, action);
    return true;
  }

  #open(): void {
    const { model, set, say, now } = this.#host;
    const [first] = asksOf(model());
    if (!first) return say('info', 'No agent asks anything of you now.');
    set({ asks: { ...model().asks, open: first.id, since: now() }, message: null, prompt: null, isHelpOpen: false });
  }

  #decide({ ask, draft }: Open, action: ActionId): void {
    const { send, say } = this.#host;
    const request = ask.id;
    const typed = draft.isEdit ? '' : draft.editor.text;
    if (draft.isEdit && draft.isTyping && action === 'send-reply') return this.#runEdited(request, draft.editor.text);
    const scope = SCOPES[action];
    if (scope !== undefined && !this.#isAllSeen()) return;
    const reason = expandPastes(typed.trim(), this.#host.model().pastes);
    const denial = reason === '' ? 'The user does not allow it.' : reason;
    send({
      type: 'decide',
      request,
      isAllowed: scope !== undefined,
      scope: scope ?? 'once',
      by: 'user',
      reason: scope === undefined ? denial : '',
    });
    say(scope === undefined ? 'warn' : 'ok', scope === undefined ? 'denied' : `allowed ${SCOPE_WORDS[scope]}`);
    this.#sent(request);
  }

  #runEdited(request: string, text: string): void {
    const { model, send, say } = this.#host;
    const edited = expandPastes(text, model().pastes);
    if (edited.trim() === '') return say('info', 'There is no command: deny the call instead.');
    send({ type: 'decide', request, isAllowed: true, scope: 'once', by: 'user', reason: '', edited });
    say('ok', 'allowed once, as you have written it');
    this.#sent(request);
  }

  /** Nobody allows what they could not see. */
  #isAllSeen(): boolean {
    const parts = askParts(this.#host.model());
    if (!parts) return false;
    const seen = seenRows(parts);
    if (seen >= parts.body.length) return true;
    const left = plural(parts.body.length - seen, 'row');
    const [page, begin] = (['page-down', 'top'] as const).map((id) => keyWord(this.#host.model(), id));
    this.#host.say(
      'warn',
      `${left} from row ${seen + 1} on were not shown yet: ${page} goes on, ${begin} begins anew`,
      false,
    );
    return false;
  }

  #answer({ id, question }: Extract<Ask, { kind: 'question' }>, action: ActionId): void {
    const { model, send, say } = this.#host;
    if (action === 'skip-question') {
      send({ type: 'decline', question: id, outcome: 'skipped', reason: 'The user skipped the question.' });
      say('info', 'skipped');
      return this.#sent(id);
    }
    if (action !== 'send-reply') return;
    const draft = openAsk(model())?.draft;
    if (!draft) return;
    const text = expandPastes(draft.editor.text.trim(), model().pastes);
    // Who answers in words alone has picked nothing.
    const single = draft.isTyping && text !== '' ? [] : [draft.pick];
    const numbers = question.isMultiple ? draft.chosen : single;
    const choices = numbers.flatMap((index) => question.options[index]?.label ?? []);
    if (choices.length === 0 && text === '') {
      return say(
        'info',
        question.isMultiple
          ? `${keyWord(model(), 'mark-option')} marks an option first; ${keyWord(model(), 'skip-question')} skips.`
          : 'There is no answer yet.',
      );
    }
    send({ type: 'reply', question: id, choices, text });
    say('ok', 'answered');
    this.#sent(id);
  }

  #sent(id: string): void {
    const { model, set } = this.#host;
    const { asks } = model();
    set({ asks: { ...asks, sent: new Set(asks.sent).add(id) } });
    this.#next();
  }

  /** The next one in the queue comes to the front of an open dialog; without one it closes. */
  #next(): void {
    const { model, set, now } = this.#host;
    const [first] = asksOf(model());
    const { asks } = model();
    set({ asks: first ? { ...asks, open: first.id, since: now() } : { ...NO_ASKS, sent: asks.sent } });
  }

  #nameOf(alias: string | undefined, subagent: string | undefined): string {
    const { run, glyphs } = this.#host.model();
    return run?.state && alias !== undefined ? askerText(run.state, alias, subagent, glyphs) : 'An agent';
  }
}

const SCOPE_WORDS: Record<ApprovalScope, string> = {
  once: 'once',
  run: 'in this run',
  session: 'in this session',
  always: 'always',
};

const DECIDING: ReadonlySet<ActionId> = new Set<ActionId>([
  'allow-once',
  'allow-run',
  'allow-session',
  'allow-always',
  'deny',
  'send-reply',
  'skip-question',
]);

function endOf(event: RunEvent): string {
  if (event.type === 'approval.decided') {
    return `${event.data.isAllowed ? 'allowed' : 'denied'} by ${event.data.by === 'user' ? 'you' : event.data.by}`;
  }
  if (event.type === 'question.answered' && event.data.outcome === 'timed-out') return 'its time is over';
  return event.type === 'question.answered' ? 'it was answered elsewhere' : 'its turn has ended';
}
