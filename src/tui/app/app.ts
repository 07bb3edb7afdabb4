import type { RunOutcome } from '../../events/event.ts';
import { submitText } from '../input/editor.ts';
import { expandPastes } from '../input/pastes.ts';
import { actionFor, type ActionId } from '../input/keymap.ts';
import type { InputToken, MouseToken } from '../input/tokenizer.ts';
import type { Tone } from '../store/blocks.ts';
import type { TeamSummary } from '../teams.ts';
import { actionOf, contextOf } from '../view/footer.ts';
import type { Cell } from '../view/frame.ts';
import { isInputShown } from '../view/input-view.ts';
import type { Model } from '../view/model.ts';
import { keyWord } from '../view/key-of.ts';
import { isForLiveRun } from '../view/playback.ts';
import { askClick, isTextInFront, mouseAction } from './mouse.ts';
import type { AppHost, LastFinal } from './app-host.ts';
import { AnswerRating } from './answer-rating.ts';
import { AskDialogs } from './ask-dialogs.ts';
import { commandLine } from './command-line.ts';
import { endsDetails } from './detail-action.ts';
import { EarlierRuns } from './earlier-runs.ts';
import { Errands } from './errands.ts';
import { modelAction } from './model-action.ts';
import { FilesDesk } from './files-desk.ts';
import { FrontRun } from './front-run.ts';
import { Player } from './player.ts';
import { pickedCommand, startSearch } from './prompt-action.ts';
import { QuestionField } from './question-field.ts';
import { ReviewDesk } from './review-desk.ts';
import { draggedSelection } from './select-action.ts';
import { SessionDesk } from './session-desk.ts';
import { SetupDesk } from './setup-desk.ts';
import { createSlowly } from './slow-work.ts';
import { TeamDesk } from './team-desk.ts';
import { WordedCommands } from './worded-command.ts';

const SECOND_INTERRUPT_MS = 2000;
const MESSAGE_MS = 6000;
/** Screens whose lists the wheel moves in as a key does. */
const LISTS: ReadonlySet<string> = new Set(['picker', 'setup', 'sessions', 'turns']);

/** The app without a terminal: tokens and events in, a model to draw out. */
export class App {
  model: Model;
  readonly #host: AppHost;
  #interruptedAt = -Infinity;
  /** Where the button of the mouse went down; null while it is up. */
  #pressedAt: Cell | null = null;
  #isDragging = false;
  #cancelMessage: (() => void) | null = null;
  #hasLeft = false;
  /** False once the terminal said that another window is in front; terminals that say nothing count as in front. */
  #isInFront = true;
  #pendingQuestion: string | null;
  readonly #front: FrontRun;
  readonly #errands: Errands;
  readonly #worded: WordedCommands;
  readonly #field: QuestionField;
  readonly #earlier: EarlierRuns;
  readonly #player: Player;
  readonly #files: FilesDesk;
  readonly #asks: AskDialogs;
  readonly #rating: AnswerRating;
  readonly #review: ReviewDesk;
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
      slowly: createSlowly({
        clock: host.clock,
        say: (tone, text, isBrief) => this.say(tone, text, isBrief),
        clearMessage: () => this.#clearMessage(),
      }),
    };
    this.#front = new FrontRun({
      ...own,
      clock: host.clock,
      isReplay: host.isReplay === true,
      start: (question) => host.start(question),
      clearMessage: () => this.#clearMessage(),
      tell: (change) => {
        this.model = { ...this.model, ...change };
        this.#refresh('data');
      },
      ring: (text) => !this.#isInFront && host.ring?.(text),
      hasLeft: () => this.#hasLeft,
      isSeeking: () => this.#player.isSeeking,
      onEvent: (event) => this.#asks.notice(event),
      onRun: () => this.#files.forget(),
    });
    this.#field = new QuestionField({
      ...own,
      editOutside: host.editOutside ?? null,
      act: (action, digit, words) => (words === '' ? this.#act(action, digit) : this.#worded.run(action, words)),
    });
    this.#asks = new AskDialogs({
      ...own,
      now: () => host.clock.now(),
      send: (command) => this.#front.send(command),
      ring: (text) => !this.#isInFront && !this.#front.isReplay && host.ring?.(text),
    });
    this.#rating = new AnswerRating({
      ...own,
      handle: () => this.#front.handle,
      show: (event) => {
        this.model.run?.apply(event);
        this.#refresh('input');
      },
    });
    this.#review = new ReviewDesk({
      ...own,
      handle: () => this.#front.handle,
      show: (event) => {
        this.model.run?.apply(event);
        this.#refresh('input');
      },
    });
    this.#earlier = new EarlierRuns({
      ...own,
      open: (...args) => this.#front.open(...args),
    });
    this.#sessions = new SessionDesk({
      ...own,
      clear: () => this.#front.clear(),
      open: (...args) => this.#front.open(...args),
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
      runDir: () => this.#front.handle?.dir ?? null,
    });
    this.#player = new Player({
      ...own,
      clock: host.clock,
      rejoin: (folded) => this.#front.rejoin(folded),
      tick: () => this.#front.tick(),
    });
    this.#errands = new Errands({
      ...own,
      send: (command) => this.#front.send(command),
      copyToTerminal: (text) => host.copyToTerminal?.(text) ?? false,
      openOutside: host.openOutside ?? null,
    });
    this.#worded = new WordedCommands({
      ...own,
      errands: this.#errands,
      themes: host.themes ?? null,
      act: (action) => this.#act(action, NaN),
      open: (...args) => this.#front.open(...args),
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
    void this.#front.ask(question);
  }

  handle(token: InputToken): void {
    if (this.#hasLeft || token.kind === 'reply') return;
    if (token.kind === 'paste') {
      this.#field.paste(token.text);
      if (token.isCut) this.say('warn', `the paste was cut after ${token.text.length} characters`, false);
      return;
    }
    if (token.kind === 'focus') {
      this.#isInFront = token.isFocused;
      return;
    }
    if (token.kind === 'mouse') {
      if (token.action === 'drag' || token.action === 'release') return this.#drag(token);
      if (token.action === 'press') {
        this.#pressedAt = token;
        if (this.model.selection) this.#set({ selection: null });
      }
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

  /** Dragging selects rows of the text where it began; letting go copies them. */
  #drag(token: MouseToken): void {
    const from = this.#pressedAt;
    if (token.action === 'release') {
      this.#pressedAt = null;
      if (this.#isDragging) this.#errands.run('copy-selection');
      this.#isDragging = false;
      return;
    }
    const isStray = token.y === from?.y && Math.abs(token.x - from.x) < 2;
    if (!from || (isStray && !this.#isDragging) || !isTextInFront(this.model)) return;
    const changed = draggedSelection(this.model, from, token);
    if (!changed) return;
    this.#isDragging = true;
    this.#set(changed);
  }

  resize(cols: number, rows: number): void {
    this.#set({ cols, rows });
  }

  get lastFinal(): LastFinal | null {
    return this.#front.lastFinal;
  }

  get lastOutcome(): RunOutcome | null {
    return this.#front.lastOutcome;
  }

  /** See FrontRun.stop. */
  stopRun(by: 'user' | 'signal'): Promise<void> {
    return this.#front.stop(by);
  }

  /** Stops every timer and lets go of the run. */
  close(): void {
    this.#hasLeft = true;
    this.#front.close();
    this.#cancelMessage?.();
  }

  #act(action: ActionId, digit: number): void {
    if (endsDetails(this.model, action)) this.#set({ detailTop: 0 });
    if (this.#front.isReplay && isForLiveRun(action))
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
    const desks = [this.#asks, this.#rating, this.#review, this.#errands, this.#setup, this.#sessions];
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
        return this.say(
          'info',
          isOn ? 'mouse: clicks focus, the wheel scrolls, dragging copies rows' : 'mouse: left to the terminal',
        );
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
        return this.model.isRunActive && !this.#front.isReplay ? this.#set({ isQuitAsked: true }) : this.#leave('quit');
      case 'confirm':
        this.#set({ isQuitAsked: false });
        this.say('warn', 'cancelling the run');
        return void this.stopRun('user').then(() => this.#leave('quit'));
      case 'stop':
        return this.#stop();
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
    // No command fits: what was typed stays to be mended.
    if (prompt.kind === 'palette' && !command) return;
    if (prompt.kind === 'model') this.#setup.acceptModel();
    this.#set({ prompt: null });
    if (prompt.kind === 'search' || prompt.kind === 'search-all') {
      this.#set(startSearch(this.model, text, prompt.kind === 'search-all'));
    } else if (prompt.kind === 'save') void this.#errands.save(text);
    else if (prompt.kind === 'rename') void this.#sessions.rename(text);
    else if (prompt.kind === 'review') this.#review.decide(text);
    else if (prompt.kind === 'send-back') this.#review.sendBack(text);
    else if (prompt.kind === 'secret') void this.#setup.acceptKey(text);
    else if (command) this.#act(command.action, command.digit);
  }

  /** The key that takes back one step: a run that is going, else the app. */
  #stop(): void {
    const { isRunActive, isStarting } = this.model;
    if (this.#front.isReplay || (!isRunActive && !isStarting)) return this.#leave('quit');
    if (this.#isCancelling()) return this.#leave('interrupted');
    this.say('warn', `cancelling the run; ${keyWord(this.model, 'interrupt')} leaves at once`);
    this.#front.cancel();
  }

  /** The run was told to stop, and something of it takes its time. */
  #isCancelling(): boolean {
    const { isRunActive, run } = this.model;
    return isRunActive && run?.state?.isCancelled === true;
  }

  #interrupt(): void {
    const { clock } = this.#host;
    if (this.#front.isReplay) return this.#leave('quit');
    const isSecond = clock.now() - this.#interruptedAt < SECOND_INTERRUPT_MS;
    if (isSecond || this.#isCancelling()) return this.#leave('interrupted');
    if (!this.model.isRunActive && !this.model.isStarting) return this.#leave('quit');
    this.#interruptedAt = clock.now();
    // Said first: a run that ends at once has more to say.
    // This key is not the user's to change.
    this.say('warn', 'cancelling the run; Ctrl+C again leaves at once');
    this.#front.cancel();
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
    await this.#front.ask(question);
  }

  /** There is a team now: it answers the next question, and the one that waits for it at once. */
  #begin(team: TeamSummary): void {
    const { run } = this.model;
    const view = run?.state?.final ? 'final' : run ? 'panes' : 'home';
    this.#set({ team, setup: null, view, isEditing: true });
    if (run) this.say('info', `${team.name} answers the next question`);
    this.#sendFirst();
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
