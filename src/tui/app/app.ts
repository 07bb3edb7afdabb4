import type { RunEvent, RunOutcome } from '../../events/event.ts';
import type { RunHandle } from '../../events/run-handle.ts';
import { insertText, submitText } from '../input/editor.ts';
import { expandPastes } from '../input/pastes.ts';
import { actionFor, type ActionId } from '../input/keymap.ts';
import type { InputToken } from '../input/tokenizer.ts';
import type { Tone } from '../store/blocks.ts';
import { RunStore } from '../store/run-store.ts';
import type { TeamSummary } from '../teams.ts';
import { asReplay } from '../../sessions/replay.ts';
import { actionOf, contextOf } from '../view/footer.ts';
import { isInputShown } from '../view/input-view.ts';
import type { Model } from '../view/model.ts';
import { createPlayback, isForLiveRun } from '../view/playback.ts';
import { askClick, mouseAction } from './mouse.ts';
import type { AppHost, LastFinal } from './app-host.ts';
import { AnswerRating } from './answer-rating.ts';
import { AskDialogs } from './ask-dialogs.ts';
import { commandLine } from './command-line.ts';
import { EarlierRuns } from './earlier-runs.ts';
import { endNotice } from './end-notice.ts';
import { Errands } from './errands.ts';
import { modelAction } from './model-action.ts';
import { FilesDesk } from './files-desk.ts';
import { NEW_RUN } from './model.ts';
import { Player } from './player.ts';
import { pickedCommand, startSearch } from './prompt-action.ts';
import { QuestionField } from './question-field.ts';
import { SessionDesk } from './session-desk.ts';
import { SetupDesk } from './setup-desk.ts';
import { TeamDesk } from './team-desk.ts';
import { WordedCommands } from './worded-command.ts';

const SECOND_INTERRUPT_MS = 2000;
const CANCEL_WAIT_MS = 2000;
const MESSAGE_MS = 6000;
const TICK_MS = 1000;
/** Screens whose lists the wheel moves in as a key does. */
const LISTS: ReadonlySet<string> = new Set(['picker', 'setup', 'sessions', 'turns']);
/** A replay may be faster than time. */
const REPLAY_TICK_MS = 200;

/** The app without a terminal: tokens and events in, a model to draw out. */
export class App {
  model: Model;
  lastFinal: LastFinal | null = null;
  lastOutcome: RunOutcome | null = null;
  readonly #host: AppHost;
  #handle: RunHandle | null = null;
  #unsubscribe: (() => void) | null = null;
  #interruptedAt = -Infinity;
  #cancelMessage: (() => void) | null = null;
  #cancelTick: (() => void) | null = null;
  #hasLeft = false;
  /** False once the terminal said that another window is in front; terminals that say nothing count as in front. */
  #isInFront = true;
  /** The run in front gave the last answer. */
  #isFinalOurs = false;
  /** The run in front is an earlier one. */
  #isPast = false;
  /** Ctrl+C came before the run could hear it. */
  #isCancelled = false;
  #pendingQuestion: string | null;
  readonly #errands: Errands;
  readonly #worded: WordedCommands;
  readonly #field: QuestionField;
  readonly #earlier: EarlierRuns;
  readonly #player: Player;
  readonly #files: FilesDesk;
  readonly #asks: AskDialogs;
  readonly #rating: AnswerRating;
  readonly #setup: SetupDesk;
  readonly #teams: TeamDesk;
  readonly #sessions: SessionDesk;

  constructor(model: Model, host: AppHost, question: string | null) {
    this.model = model;
    this.#host = host;
    this.#pendingQuestion = question;
    const own = {
      ports: host.ports ?? {},
      model: () => this.model,
      set: (change: Partial<Model>) => this.#set(change),
      say: (tone: Tone, text: string, isBrief?: boolean) => this.say(tone, text, isBrief),
    };
    this.#field = new QuestionField({
      ...own,
      editOutside: host.editOutside ?? null,
      act: (action, digit, words) => (words === '' ? this.#act(action, digit) : this.#worded.run(action, words)),
    });
    this.#asks = new AskDialogs({
      ...own,
      now: () => host.clock.now(),
      send: (command) => this.#handle?.send(command),
      ring: (text) => !this.#isInFront && !this.#isReplay && host.ring?.(text),
    });
    this.#rating = new AnswerRating({
      ...own,
      handle: () => this.#handle,
      show: (event) => {
        this.model.run?.apply(event);
        this.#refresh('input');
      },
    });
    this.#earlier = new EarlierRuns({
      ...own,
      show: (handle) => !this.#hasLeft && this.#follow(handle, true),
    });
    this.#sessions = new SessionDesk({
      ...own,
      clear: () => this.#clear(),
      show: (handle) => !this.#hasLeft && this.#follow(handle, true),
    });
    this.#teams = new TeamDesk({ ...own, begin: (team) => this.#begin(team) });
    this.#setup = new SetupDesk({
      ...own,
      loadPort: host.setup ?? null,
      begin: (team) => this.#begin(team),
      leave: () => this.#leave('quit'),
    });
    this.#files = new FilesDesk({
      ...own,
      port: host.ports?.files ?? null,
      runDir: () => this.#handle?.dir ?? null,
    });
    this.#player = new Player({
      ...own,
      rejoin: () => this.#listen(new RunStore()),
      tick: () => this.#tick(),
    });
    this.#errands = new Errands({
      ...own,
      send: (command) => this.#handle?.send(command),
      copyToTerminal: (text) => host.copyToTerminal?.(text) ?? false,
      openOutside: host.openOutside ?? null,
    });
    this.#worded = new WordedCommands({
      ...own,
      errands: this.#errands,
      themes: host.themes ?? null,
      act: (action) => this.#act(action, NaN),
      show: (handle) => !this.#hasLeft && this.#follow(handle, true),
    });
  }

  /** Sends the question that the app was started with, once there is a team. */
  begin(): void {
    void this.#field.loadHistory();
    if (this.model.view === 'setup') void this.#setup.open();
    this.#teams.look();
    if (this.model.view === 'home') void this.#sessions.greet();
    this.#sendFirst();
  }

  #sendFirst(): void {
    const question = this.#pendingQuestion;
    if (question === null || !this.model.team) return;
    this.#pendingQuestion = null;
    void this.#ask(question);
  }

  handle(token: InputToken): void {
    if (this.#hasLeft || token.kind === 'reply') return;
    if (token.kind === 'paste') {
      return this.#field.paste(token.text);
    }
    if (token.kind === 'focus') {
      this.#isInFront = token.isFocused;
      return;
    }
    if (token.kind === 'mouse') {
      if (token.action === 'press' && this.#player.click(token.x, token.y)) return;
      // In lists the wheel is a key like others.
      const clicked = askClick(this.model, token);
      if (clicked) return this.#act(clicked.action, clicked.digit);
      const listed = actionFor(contextOf(this.model), token.action, this.model.keymap);
      if ((LISTS.has(this.model.view) || this.model.asks.open !== null) && listed !== null) this.#act(listed, NaN);
      else this.#set(mouseAction(this.model, token) ?? {});
      return;
    }
    const context = contextOf(this.model);
    const action = actionOf(this.model, context, token.key);
    if (action !== 'interrupt') this.#clearMessage();
    if (action !== null) this.#act(action, Number(token.key));
    else if (token.text !== '') this.#field.insert(token.text);
    if (this.model.view === 'picker') this.#teams.look();
  }

  resize(cols: number, rows: number): void {
    this.#set({ cols, rows });
  }

  /** Cancels the run because the process must go; resolves when the run has ended or a moment later. */
  async stopRun(by: 'user' | 'signal'): Promise<void> {
    const handle = this.#handle;
    if (!handle || !this.model.isRunActive) return;
    handle.send({ type: 'cancel', by });
    let stopWaiting = (): void => undefined;
    const timeout = new Promise<void>((resolve) => {
      stopWaiting = this.#host.clock.after(CANCEL_WAIT_MS, resolve);
    });
    await Promise.race([handle.ended.catch(() => undefined), timeout]);
    stopWaiting();
  }

  /** Stops every timer and lets go of the run. */
  close(): void {
    this.#hasLeft = true;
    this.#unsubscribe?.();
    this.#cancelMessage?.();
    this.#cancelTick?.();
  }

  #act(action: ActionId, digit: number): void {
    if (this.#isReplay && isForLiveRun(action))
      return this.say('info', 'This is a replay: nothing of it can be changed.');
    if (this.#player.run(action)) return;
    const edited = modelAction(this.model, action, digit, this.#host.themes ?? null);
    if (edited) {
      const { editor } = this.model;
      this.#set(edited);
      if (this.model.editor !== editor) this.#field.complete();
      if (action === 'config') void this.#loadConfig();
      return;
    }
    const desks = [this.#asks, this.#rating, this.#errands, this.#setup, this.#sessions];
    if (desks.some((desk) => desk.run(action))) return;
    switch (action) {
      case 'send':
        return void this.#send();
      case 'pick':
        return void this.#teams.pick();
      case 'teams':
        return void this.#teams.open();
      case 'leave-picker':
        return this.#teams.close();
      case 'edit-outside':
        return void this.#field.editOutside();
      case 'runs':
        return void this.#earlier.list();
      case 'open-run':
        return void this.#earlier.open();
      case 'accept':
        return this.#accept();
      case 'theme':
        return this.#host.toggleTheme();
      case 'mouse': {
        const isOn = this.#host.toggleMouse?.() ?? false;
        return this.say('info', isOn ? 'mouse: clicks focus, the wheel scrolls' : 'mouse: left to the terminal');
      }
      case 'next-files':
        return this.#files.turn(1);
      case 'previous-files':
        return this.#files.turn(-1);
      case 'redraw':
        return this.#host.redraw();
      case 'suspend':
        return this.#host.suspend();
      case 'quit':
        return this.model.isRunActive && !this.#isReplay ? this.#set({ isQuitAsked: true }) : this.#leave('quit');
      case 'confirm':
        this.#set({ isQuitAsked: false });
        this.say('warn', 'cancelling the run');
        return void this.stopRun('user').then(() => this.#leave('quit'));
      case 'interrupt':
        return this.#interrupt();
      default:
        return undefined;
    }
  }

  /** The line that was typed is complete. */
  #accept(): void {
    const { prompt } = this.model;
    if (!prompt) return;
    const { text } = prompt.editor;
    const command = pickedCommand(this.model);
    if (prompt.kind === 'model') this.#setup.acceptModel();
    this.#set({ prompt: null });
    if (prompt.kind === 'search' || prompt.kind === 'search-all') {
      this.#set(startSearch(this.model, text, prompt.kind === 'search-all'));
    } else if (prompt.kind === 'save') void this.#errands.save(text);
    else if (prompt.kind === 'rename') void this.#sessions.rename(text);
    else if (prompt.kind === 'review') this.#errands.review(text);
    else if (prompt.kind === 'secret') void this.#setup.acceptKey(text);
    else if (command) this.#act(command.action, command.digit);
  }

  /** The run in front is played from its log. */
  get #isReplay(): boolean {
    return this.#host.isReplay === true || this.model.playback !== null || (this.#isPast && this.model.isRunActive);
  }

  #interrupt(): void {
    const { clock } = this.#host;
    if (this.#isReplay) return this.#leave('quit');
    const isSecond = clock.now() - this.#interruptedAt < SECOND_INTERRUPT_MS;
    if (isSecond) return this.#leave('interrupted');
    if (!this.model.isRunActive && !this.model.isStarting) return this.#leave('quit');
    this.#interruptedAt = clock.now();
    // Said first: a run that ends at once has more to say.
    this.say('warn', 'cancelling the run; Ctrl+C again leaves at once');
    if (this.model.isStarting) this.#isCancelled = true;
    else this.#handle?.send({ type: 'cancel', by: 'user' });
  }

  async #send(): Promise<void> {
    const typed = this.model.editor.text.trim();
    if (typed === '' || !isInputShown(this.model)) return;
    const line = commandLine(typed);
    if (line) return this.#field.runCommand(line);
    const question = expandPastes(typed, this.model.pastes);
    if (this.model.fieldFor !== 'question') {
      if (!this.#errands.tell(question, this.model.fieldFor)) return;
      return this.#set({ editor: submitText(this.model.editor), isEditing: false, completion: null });
    }
    void this.#host.ports?.keepQuestion?.(question);
    this.#set({ editor: submitText(this.model.editor) });
    await this.#ask(question);
  }

  async #ask(question: string): Promise<void> {
    this.#isCancelled = false;
    this.#set({ isStarting: true, isEditing: false, view: this.model.run ? this.model.view : 'home' });
    try {
      const handle = await this.#host.start(question);
      if (!this.#hasLeft) this.#follow(handle);
    } catch (error) {
      // The question goes back into the field: nothing that was typed is lost.
      const editor = this.model.editor.text === '' ? insertText(this.model.editor, question) : this.model.editor;
      this.#set({ isStarting: false, isEditing: true, editor });
      this.say('err', messageOf(error), false);
    }
  }

  /** An earlier run is only looked at: what the program gives back is not its answer. */
  #follow(handle: RunHandle, isPast = false): void {
    this.#unsubscribe?.();
    this.#handle = handle;
    this.#files.forget();
    const replay = asReplay(handle);
    this.#isFinalOurs = false;
    this.#isPast = isPast;
    if (!isPast) this.lastOutcome = null;
    this.#set({
      ...NEW_RUN,
      place: { id: handle.id, dir: handle.dir },
      ...(replay && { isRunActive: false }),
      playback: replay && createPlayback(replay, this.#host.isReplay === true),
    });
    const run = new RunStore();
    this.#listen(run);
    // Whoever goes back in what was played at once wants to see it.
    if (replay?.speed === Infinity) replay.speed = 1;
    if (isPast && !replay) {
      // A run that was cut off has no end in its log.
      void handle.ended.catch(() => undefined).then(() => this.model.run === run && this.#set({ isRunActive: false }));
    } else if (this.#isCancelled) handle.send({ type: 'cancel', by: 'user' });
    handle.ended.catch((error: unknown) => {
      if (this.model.run !== run) return;
      this.#set({ isRunActive: false, isQuitAsked: false });
      this.say('err', messageOf(error), false);
    });
    this.#tick();
  }

  #listen(run: RunStore): void {
    this.#set({ run });
    this.#unsubscribe?.();
    this.#unsubscribe =
      this.#handle?.subscribe((event) => {
        if (this.model.run === run) this.#onEvent(run, event);
      }) ?? null;
  }

  #onEvent(run: RunStore, event: RunEvent): void {
    run.apply(event);
    this.model = { ...this.model, heardAt: this.#host.clock.now() };
    const { state } = run;
    if (!this.#isReplay) this.#asks.notice(event);
    if (event.type === 'answer.presented') {
      this.#isFinalOurs = !this.#isPast;
      if (!this.#isPast) this.lastFinal = { text: event.data.text, label: state?.winner?.label ?? null, outcome: null };
      // Who looks for something in a replay is not led away.
      const isLed = !this.model.playback || (this.model.view === 'panes' && !this.#player.isSeeking);
      if (isLed) this.model = { ...this.model, view: 'final', finalTop: 0 };
    }
    if (event.type === 'run.resumed') {
      // A cancelled run goes on: its log holds its former end.
      this.#clearMessage();
      this.lastOutcome = null;
      this.model = { ...this.model, isRunActive: this.model.playback === null };
      this.#tick();
    }
    if (event.type === 'run.finished') {
      if (!this.#isInFront) this.#host.ring?.(`${event.data.outcome}: ${state?.question ?? ''}`);
      if (!this.#isPast) this.lastOutcome = event.data.outcome;
      if (this.lastFinal && this.#isFinalOurs) this.lastFinal = { ...this.lastFinal, outcome: event.data.outcome };
      // No answer and nobody stopped it: the panel says why. An answer opened it already.
      const isSilent =
        !this.#player.isSeeking && !state?.final && event.data.outcome !== 'cancelled' && this.model.view === 'panes';
      const view = isSilent ? 'final' : this.model.view;
      this.model = { ...this.model, isRunActive: false, isQuitAsked: false, view };
      this.#cancelTick?.();
      this.#cancelTick = null;
      const notice = state && this.#handle && !this.#player.isSeeking && endNotice(state, this.#handle);
      if (notice) this.say(notice.tone, notice.text, false);
    }
    this.#refresh('data');
  }

  /** There is a team now: it answers the next question, and the one that waits for it at once. */
  #begin(team: TeamSummary): void {
    const { run } = this.model;
    const view = run?.state?.final ? 'final' : run ? 'panes' : 'home';
    this.#set({ team, setup: null, view, isEditing: true });
    if (run) this.say('info', `${team.name} answers the next question`);
    this.#sendFirst();
  }

  /** As before the first question. */
  #clear(): void {
    this.#unsubscribe?.();
    this.#handle = null;
    this.#set({
      ...NEW_RUN,
      run: null,
      place: null,
      playback: null,
      isRunActive: false,
      view: 'home',
      isEditing: true,
    });
  }

  async #loadConfig(): Promise<void> {
    const config = (await this.#host.ports?.describeConfig?.()) ?? null;
    if (!this.#hasLeft) this.#set({ config });
  }

  /** Shows a message in the footer until the next key, or for a while. */
  say(tone: Tone, text: string, isBrief = true): void {
    this.#cancelMessage?.();
    this.#cancelMessage = isBrief ? this.#host.clock.after(MESSAGE_MS, () => this.#set({ message: null })) : null;
    this.#set({ message: { tone, text } });
  }

  #clearMessage(): void {
    this.#cancelMessage?.();
    this.#cancelMessage = null;
    if (this.model.message) this.#set({ message: null });
  }

  /** The clock on the screen: once a second, and only while a run is going. */
  #tick(): void {
    this.#cancelTick?.();
    const { isRunActive, playback } = this.model;
    const isPlaying = playback !== null && !playback.replay.isPaused && !playback.replay.isOver;
    if ((!isRunActive && !isPlaying) || this.#hasLeft) return;
    this.#cancelTick = this.#host.clock.after(isPlaying ? REPLAY_TICK_MS : TICK_MS, () => {
      this.#refresh('data');
      this.#tick();
    });
  }

  #set(change: Partial<Model>): void {
    this.model = { ...this.model, ...change };
    this.#files.load();
    this.#refresh('input');
  }

  #refresh(reason: 'data' | 'input'): void {
    if (!this.#hasLeft) this.#host.requestFrame(reason);
  }

  #leave(reason: 'quit' | 'interrupted'): void {
    if (this.#hasLeft) return;
    this.close();
    this.#host.leave(reason);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
