import type { RunHandle } from '../../events/run-handle.ts';
import { messageOf } from '../../platform/errors.ts';
import type { ActionId } from '../input/keymap.ts';
import type { TuiPorts } from '../ports.ts';
import { titleOf, type SessionChoice } from '../sessions.ts';
import type { Tone } from '../store/blocks.ts';
import type { Model } from '../view/model.ts';
import { plural } from '../view/format.ts';
import { openPrompt } from '../view/prompt.ts';
import { pickedSession, pickedTurn } from './session-action.ts';
import { keyWord } from '../view/key-of.ts';
import type { SlowWork } from './slow-work.ts';

/** What the screens of sessions need of the app. */
export interface SessionDeskHost {
  ports: TuiPorts;
  model: () => Model;
  set: (change: Partial<Model>) => void;
  say: (tone: Tone, text: string, isBrief?: boolean) => void;
  /** Shows a run that is over, once it is read; `onShow` is called right before. Rejects as reading does. */
  open: (read: SlowWork<RunHandle | undefined>, onShow?: () => void) => Promise<void>;
  /** Leaves the run in front, as before the first question. */
  clear: () => void;
}

/** Sessions and the questions of one: lists, and what is done with the picked row. */
export class SessionDesk {
  readonly #host: SessionDeskHost;

  constructor(host: SessionDeskHost) {
    this.#host = host;
  }

  /** True if the action was one of these. */
  run(action: ActionId): boolean {
    switch (action) {
      case 'sessions':
        void this.#list();
        return true;
      case 'turns':
        void this.#turns();
        return true;
      case 'open-turn':
        void this.#openTurn();
        return true;
      case 'session-continue':
        void this.#goOn();
        return true;
      case 'session-fork':
        void this.#fork();
        return true;
      case 'session-rename':
        this.#askName();
        return true;
      case 'session-delete':
        void this.#askDelete();
        return true;
      case 'delete-yes':
        void this.#delete();
        return true;
      case 'reset':
        this.#begin();
        return true;
      case 'leave-list':
        this.#close();
        return true;
      default:
        return false;
    }
  }

  /** The next question is the first one of a new session. */
  #begin(): void {
    const { ports, clear, say } = this.#host;
    if (this.#isBusy) return say('info', 'A run is going: a new session begins when it has ended.');
    if (!ports.sessions) return say('info', 'There are no sessions here.');
    ports.sessions.begin();
    clear();
    say('ok', 'a new session: it knows nothing of the questions before');
  }

  /** Says that the session has a past, where the app begins with one. */
  async greet(): Promise<void> {
    const { ports, model, say } = this.#host;
    const count = (await ports.sessions?.current())?.turns.length ?? 0;
    if (count === 0 || model().run || model().isStarting || model().message) return;
    say(
      'info',
      `${plural(count, 'earlier question')} in this session: ${keyWord(model(), 'leave-input')}, then ${keyWord(model(), 'turns')}`,
      false,
    );
  }

  /** The new name was typed. */
  async rename(name: string): Promise<void> {
    const { ports, model } = this.#host;
    const session = pickedSession(model());
    if (!session || name.trim() === '') return;
    await this.#try(async () => {
      await ports.sessions?.rename(session.id, name.trim());
      await this.#reload(session.id);
    });
  }

  async #list(): Promise<void> {
    const { ports, model, set, say } = this.#host;
    if (!ports.sessions) return say('info', 'There are no sessions here.');
    if (this.#isBusy) return say('info', 'A run is going: sessions open when it has ended.');
    say('info', 'reading sessions');
    const list = await ports.sessions.list();
    if (this.#isBusy) return;
    if (list.length === 0) return say('info', 'There is no session yet: the first question begins one.');
    set({
      message: null,
      view: 'sessions',
      isEditing: false,
      turns: null,
      sessions: { list, pick: model().sessions?.pick ?? null, top: 0, filter: '', asked: null },
    });
  }

  /** The earlier questions of the picked session, or of the one that the app works in. */
  async #turns(): Promise<void> {
    const { ports, model, set, say } = this.#host;
    const session = model().view === 'sessions' ? pickedSession(model()) : ((await ports.sessions?.current()) ?? null);
    if (!session || session.turns.length === 0) return say('info', 'This session has no earlier question.');
    const from = model().view === 'sessions' ? ('sessions' as const) : null;
    set({ view: 'turns', isEditing: false, turns: { session, pick: null, top: 0, from } });
  }

  async #openTurn(): Promise<void> {
    const { ports, model, say, open, set } = this.#host;
    const turn = pickedTurn(model());
    if (!turn) return;
    if (this.#isBusy) return say('info', 'A run is going: earlier ones open when it has ended.');
    await this.#try(() =>
      open(
        async (onPart) => ports.sessions?.openTurn(turn.dir, onPart),
        () => set({ sessions: null }),
      ),
    );
  }

  /** The next question belongs to the picked session, and its last run is on the screen. */
  async #goOn(): Promise<void> {
    const { ports, model, say } = this.#host;
    const session = pickedSession(model());
    if (!session || !ports.sessions) return;
    ports.sessions.goOn(session.id);
    await this.#showLast(session);
    say('ok', `your next question goes on with: ${titleOf(session)}`, false);
  }

  async #fork(): Promise<void> {
    const { ports, model, say } = this.#host;
    const session = pickedSession(model());
    if (!session || !ports.sessions) return;
    const { sessions } = ports;
    await this.#try(async () => {
      await sessions.fork(session.id);
      await this.#showLast(session);
      say('ok', `branched off; your next question goes on from: ${titleOf(session)}`, false);
    });
  }

  async #showLast(session: SessionChoice): Promise<void> {
    const { ports, model, open, set } = this.#host;
    const last = session.turns.at(-1);
    set({ sessions: null, turns: null, view: model().run ? 'panes' : 'home', isEditing: true });
    // A log that is damaged keeps nobody from going on.
    if (last) await open(async (onPart) => ports.sessions?.openTurn(last.dir, onPart)).catch(() => undefined);
  }

  #askName(): void {
    const session = pickedSession(this.#host.model());
    if (session) this.#host.set({ prompt: openPrompt('rename', session.name ?? '') });
  }

  async #askDelete(): Promise<void> {
    const { ports, model, set, say } = this.#host;
    const session = pickedSession(model());
    if (!session) return;
    if (session.isCurrent) return say('warn', 'This is the session that you are in: it stays.');
    const count = (await ports.sessions?.countLogs(session.id)) ?? 0;
    const { sessions } = model();
    if (sessions) set({ sessions: { ...sessions, asked: { id: session.id, title: titleOf(session), logs: count } } });
  }

  async #delete(): Promise<void> {
    const { ports, model, set, say } = this.#host;
    const { sessions } = model();
    const asked = sessions?.asked;
    if (!sessions || !asked) return;
    set({ sessions: { ...sessions, asked: null } });
    await this.#try(async () => {
      await ports.sessions?.remove(asked.id);
      await this.#reload(null);
      say('ok', 'deleted');
    });
  }

  async #reload(id: string | null): Promise<void> {
    const { ports, model, set } = this.#host;
    const list = (await ports.sessions?.list()) ?? [];
    const { sessions } = model();
    if (!sessions) return;
    if (list.length === 0) return this.#close();
    const at = list.findIndex((session) => session.id === id);
    const pick = at >= 0 && sessions.filter === '' ? at : Math.min(sessions.pick ?? 0, list.length - 1);
    set({ sessions: { ...sessions, list, pick } });
  }

  /** One level back: filter, the list that these questions came from, the run or the question field. */
  #close(): void {
    const { model, set } = this.#host;
    const { sessions, turns, run, view } = model();
    if (view === 'turns' && turns?.from === 'sessions' && sessions) return set({ view: 'sessions', turns: null });
    if (view === 'sessions' && sessions && sessions.filter !== '') {
      return set({ sessions: { ...sessions, filter: '', pick: 0 } });
    }
    set({ sessions: null, turns: null, view: run?.state?.final ? 'final' : run ? 'panes' : 'home' });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#host.say('err', messageOf(error), false);
    }
  }

  get #isBusy(): boolean {
    const { isRunActive, isStarting } = this.#host.model();
    return isRunActive || isStarting;
  }
}
