import type { RunEvent, RunOutcome } from '../../events/event.ts';
import type { Command, RunHandle } from '../../events/run-handle.ts';
import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/errors.ts';
import { asReplay, type Replay } from '../../sessions/replay.ts';
import { insertText } from '../input/editor.ts';
import type { Tone } from '../store/blocks.ts';
import { foldInParts } from '../store/fold-parts.ts';
import { RunStore } from '../store/run-store.ts';
import type { Model } from '../view/model.ts';
import { createPlayback } from '../view/playback.ts';
import type { LastFinal } from './app-host.ts';
import { endNotice } from './end-notice.ts';
import { NEW_RUN } from './model.ts';
import type { Slowly, SlowWork } from './slow-work.ts';

/** What the run in front needs of the app. */
export interface FrontHost {
  clock: Clock;
  /** The program was started to play a run from its log. */
  isReplay: boolean;
  start: (question: string) => Promise<RunHandle>;
  model: () => Model;
  set: (change: Partial<Model>) => void;
  say: (tone: Tone, text: string, isBrief?: boolean) => void;
  slowly: Slowly;
  clearMessage: () => void;
  /** Draws the user's attention to a terminal that is not in front. */
  ring: (text: string) => void;
  /** The app is over: nothing is shown any more. */
  hasLeft: () => boolean;
  /** A replay jumps: what is told meanwhile is no news. */
  isSeeking: () => boolean;
  /** Told every event of a run that is not played from its log. */
  onEvent: (event: RunEvent) => void;
  /** Like `set`, for what a run tells and nobody typed: drawn with the next frame of data. */
  tell: (change: Partial<Model>) => void;
  /** Another run is in front from now on. */
  onRun: () => void;
}

/** A run that is about to be shown, with what is known of it. */
interface OpenedRun {
  handle: RunHandle;
  run: RunStore;
  isPast?: boolean;
}

const CANCEL_WAIT_MS = 2000;
const TICK_MS = 1000;
/** A replay may be faster than time. */
const REPLAY_TICK_MS = 200;

/** The run that the screen shows: started, followed, cancelled, or only played from its log. */
export class FrontRun {
  handle: RunHandle | null = null;
  lastFinal: LastFinal | null = null;
  lastOutcome: RunOutcome | null = null;
  readonly #host: FrontHost;
  #unsubscribe: (() => void) | null = null;
  #cancelTick: (() => void) | null = null;
  /** It gave the last answer. */
  #isFinalOurs = false;
  /** It is an earlier one. */
  #isPast = false;
  /** Cancelled before the run could hear it. */
  #isCancelled = false;
  /** Counts what was asked to be shown: only the last of it is. */
  #asked = 0;

  constructor(host: FrontHost) {
    this.#host = host;
  }

  /** It is played from its log. */
  get isReplay(): boolean {
    const { playback, isRunActive } = this.#host.model();
    return this.#host.isReplay || playback !== null || (this.#isPast && isRunActive);
  }

  send(command: Command): void {
    this.handle?.send(command);
  }

  /** Begins a run. Never rejects. */
  async ask(question: string): Promise<void> {
    const { isReplay, model, set, say, slowly, start, hasLeft } = this.#host;
    this.#asked += 1;
    this.#isCancelled = false;
    set({ isStarting: true, isEditing: false, view: model().run ? model().view : 'home' });
    try {
      // Most teams are there at once; who has servers to start is told why nothing is to be seen yet.
      const words = isReplay ? 'reading the run' : 'starting the team: its tools and folders';
      const opened = await slowly(words, async (onPart) => this.#foldAhead(await start(question), onPart));
      if (!hasLeft()) this.#follow(opened);
    } catch (error) {
      // The question goes back into the field: nothing that was typed is lost.
      const { editor } = model();
      set({ isStarting: false, isEditing: true, editor: editor.text === '' ? insertText(editor, question) : editor });
      say('err', messageOf(error), false);
    }
  }

  /**
   * Shows an earlier run, unless something else was asked for while it was read; `onShow` is called right before. It is
   * only looked at: what the program gives back is not its answer. Rejects as `read` does.
   */
  async open(read: SlowWork<RunHandle | undefined>, onShow?: () => void): Promise<void> {
    const { model, slowly, hasLeft } = this.#host;
    const asked = ++this.#asked;
    const opened = await slowly('reading the run', async (onPart) => {
      const handle = await read((share) => onPart(share / 2));
      return handle && this.#foldAhead(handle, (share) => onPart((1 + share) / 2));
    });
    const isLate = asked !== this.#asked || model().isRunActive || model().isStarting;
    if (!opened || isLate || hasLeft()) return;
    onShow?.();
    this.#follow({ ...opened, isPast: true });
  }

  /** What a replay will tell at once, folded in parts between which keys are heard; other runs tell it themselves. */
  async #foldAhead(handle: RunHandle, onPart: (share: number) => void): Promise<OpenedRun> {
    const run = new RunStore();
    const replay = asReplay(handle);
    const { clock, hasLeft } = this.#host;
    const events = replay?.speed === Infinity ? replay.events : replay?.events.filter(({ seq }) => seq < replay.from);
    if (events) await foldInParts(run, events, { clock, onPart, isVoid: hasLeft });
    return { handle, run };
  }

  /** All of a replay, for its timeline, which shows as much of it as is there. */
  async #foldWhole(replay: Replay, whole: RunStore): Promise<void> {
    const { model, slowly, tell, clock, hasLeft } = this.#host;
    await slowly('reading the run', (onShare) => {
      const onPart = (share: number): void => {
        onShare(share);
        tell({});
      };
      const isVoid = (): boolean => hasLeft() || model().playback?.replay !== replay;
      return foldInParts(whole, replay.events, { clock, onPart, isVoid });
    });
  }

  #follow({ handle, run, isPast = false }: OpenedRun): void {
    const { model, set, say, clock, onRun } = this.#host;
    this.#unsubscribe?.();
    this.handle = handle;
    onRun();
    const replay = asReplay(handle);
    this.#isFinalOurs = false;
    this.#isPast = isPast;
    if (!isPast) this.lastOutcome = null;
    set({
      ...NEW_RUN,
      place: { id: handle.id, dir: handle.dir },
      heardAt: clock.now(),
      ...(replay && { isRunActive: false }),
      playback:
        replay &&
        createPlayback(
          replay,
          this.#host.isReplay,
          run.state?.seq === replay.events.at(-1)?.seq ? run : null,
          (whole) => void this.#foldWhole(replay, whole),
        ),
    });
    this.rejoin(run);
    // Whoever goes back in what was played at once wants to see it.
    if (replay?.speed === Infinity) replay.speed = 1;
    if (isPast && !replay) {
      // A run that was cut off has no end in its log.
      void handle.ended.catch(() => undefined).then(() => model().run === run && set({ isRunActive: false }));
    } else if (this.#isCancelled) handle.send({ type: 'cancel', by: 'user' });
    handle.ended.catch((error: unknown) => {
      if (model().run !== run) return;
      set({ isRunActive: false, isQuitAsked: false });
      say('err', messageOf(error), false);
    });
    this.tick();
  }

  /** Shows the run anew from what it tells now, but for what is folded already. */
  rejoin(run = new RunStore()): void {
    const { model, set } = this.#host;
    const folded = run.state?.seq ?? 0;
    set({ run });
    this.#unsubscribe?.();
    this.#unsubscribe =
      this.handle?.subscribe((event) => {
        if (model().run === run) this.#onEvent(run, event, event.seq <= folded);
      }) ?? null;
  }

  /** Cancels the run, or the one that is about to begin. */
  cancel(): void {
    if (this.#host.model().isStarting) this.#isCancelled = true;
    else this.send({ type: 'cancel', by: 'user' });
  }

  /** Cancels the run because the process must go; resolves when the run has ended or a moment later. */
  async stop(by: 'user' | 'signal'): Promise<void> {
    const { handle } = this;
    const { model, clock } = this.#host;
    if (!handle || !model().isRunActive) return;
    handle.send({ type: 'cancel', by });
    let stopWaiting = (): void => undefined;
    const timeout = new Promise<void>((resolve) => {
      stopWaiting = clock.after(CANCEL_WAIT_MS, resolve);
    });
    await Promise.race([handle.ended.catch(() => undefined), timeout]);
    stopWaiting();
  }

  /** As before the first question. */
  clear(): void {
    this.#asked += 1;
    this.#unsubscribe?.();
    this.handle = null;
    this.#host.set({
      ...NEW_RUN,
      run: null,
      place: null,
      playback: null,
      isRunActive: false,
      view: 'home',
      isEditing: true,
    });
  }

  /** Lets go of the run, which goes on. */
  close(): void {
    this.#unsubscribe?.();
    this.#cancelTick?.();
  }

  /** The clock on the screen: once a second, and only while a run is going. */
  tick(): void {
    const { model, clock, hasLeft, tell } = this.#host;
    this.#cancelTick?.();
    const { isRunActive, playback } = model();
    const isPlaying = playback !== null && !playback.replay.isPaused && !playback.replay.isOver;
    if ((!isRunActive && !isPlaying) || hasLeft()) return;
    this.#cancelTick = clock.after(isPlaying ? REPLAY_TICK_MS : TICK_MS, () => {
      tell({});
      this.tick();
    });
  }

  #onEvent(run: RunStore, event: RunEvent, isFolded: boolean): void {
    const { clock, clearMessage, tell, onEvent } = this.#host;
    if (!isFolded) run.apply(event);
    if (!this.isReplay) onEvent(event);
    let change: Partial<Model> = {};
    if (event.type === 'answer.presented') change = this.#onAnswer(run, event.data.text);
    if (event.type === 'run.resumed') {
      // A cancelled run goes on: its log holds its former end.
      clearMessage();
      this.lastOutcome = null;
      change = { isRunActive: this.#host.model().playback === null, isEditing: false };
    }
    if (event.type === 'run.finished') change = this.#onEnd(run, event.data.outcome);
    if (!isFolded || Object.keys(change).length > 0) tell({ heardAt: clock.now(), ...change });
    if (event.type === 'run.resumed') this.tick();
  }

  #onAnswer({ state }: RunStore, text: string): Partial<Model> {
    const { model, isSeeking } = this.#host;
    this.#isFinalOurs = !this.#isPast;
    if (!this.#isPast) this.lastFinal = { text, label: state?.winner?.label ?? null, outcome: null };
    // Who looks for something in a replay is not led away.
    const { playback, view } = model();
    return !playback || (view === 'panes' && !isSeeking()) ? { view: 'final', finalTop: 0 } : {};
  }

  #onEnd({ state }: RunStore, outcome: RunOutcome): Partial<Model> {
    const { model, say, ring, isSeeking } = this.#host;
    ring(`${outcome}: ${state?.question ?? ''}`);
    if (!this.#isPast) this.lastOutcome = outcome;
    if (this.lastFinal && this.#isFinalOurs) this.lastFinal = { ...this.lastFinal, outcome };
    // No answer and nobody stopped it: the panel says why. An answer opened it already.
    const { view, isEditing, editor } = model();
    const isSilent = !isSeeking() && !state?.final && outcome !== 'cancelled' && view === 'panes';
    this.#cancelTick?.();
    this.#cancelTick = null;
    const notice = state && this.handle && !isSeeking() && endNotice(state, this.handle);
    if (notice) say(notice.tone, notice.text, false);
    // Whoever stopped it is back at the prompt. What is being typed for its agents becomes no question by itself.
    const isStopped = outcome === 'cancelled' && !this.isReplay;
    const isTyped = isEditing && editor.text !== '';
    return {
      isRunActive: false,
      isQuitAsked: false,
      view: isSilent ? 'final' : view,
      ...(isStopped && { isEditing: true }),
      ...(!isTyped && { fieldFor: 'question' as const }),
    };
  }
}
