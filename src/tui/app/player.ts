import type { Clock } from '../../platform/clock.ts';
import type { ActionId } from '../input/keymap.ts';
import type { Tone } from '../store/blocks.ts';
import { foldInParts } from '../store/fold-parts.ts';
import { RunStore } from '../store/run-store.ts';
import type { Model } from '../view/model.ts';
import { placeOf, playedMs, seqAtMs, totalMs, type Playback } from '../view/playback.ts';
import { playerBar, speedText } from '../view/player-row.ts';
import { placesOf } from '../view/screen.ts';
import { pickedEntry } from '../view/timeline-screen.ts';
import type { Slowly } from './slow-work.ts';

/** What a replay needs of the app. */
export interface PlayerHost {
  model: () => Model;
  set: (change: Partial<Model>) => void;
  say: (tone: Tone, text: string, isBrief?: boolean) => void;
  clock: Clock;
  slowly: Slowly;
  /** Shows the run anew from what the replay tells now, but for what is folded already: it went elsewhere. */
  rejoin: (folded?: RunStore) => void;
  /** Time may pass from now on. */
  tick: () => void;
}

const SLOWEST = 1 / 8;
const FASTEST = 64;
/** A jump over more events than these is folded in parts, between which keys are heard. */
const FAR = 500;
/** A scrub moves by this part of the run. */
const SCRUB = 1 / 40;

/** Play, pause, steps and jumps in a run that is played from its log. */
export class Player {
  /** True while it jumps: what is told meanwhile is no news. */
  isSeeking = false;
  readonly #host: PlayerHost;
  /** The event that it is on its way to, where that is far. */
  #way: { playback: Playback; goal: number } | null = null;

  constructor(host: PlayerHost) {
    this.#host = host;
  }

  /** True if the action was one of these. */
  run(action: ActionId): boolean {
    const { playback } = this.#host.model();
    if (!playback) return false;
    const { replay } = playback;
    const at = this.#goalIn(playback) ?? replay.at;
    switch (action) {
      case 'play':
        this.#toggle(playback);
        return true;
      case 'step-forward':
        this.#pauseAt(playback, replay.events.find((event) => event.seq > at)?.seq);
        return true;
      case 'step-back':
        this.#pauseAt(playback, replay.events.findLast((event) => event.seq < at)?.seq);
        return true;
      case 'next-moment':
        this.#jump(playback, playback.moments.find(({ event }) => event.seq > at)?.event.seq);
        return true;
      case 'previous-moment':
        this.#jump(playback, playback.moments.findLast(({ event }) => event.seq < at)?.event.seq ?? 1);
        return true;
      case 'scrub-forward':
        this.#scrub(playback, at, 1);
        return true;
      case 'scrub-back':
        this.#scrub(playback, at, -1);
        return true;
      case 'faster':
        this.#pace(playback, 2);
        return true;
      case 'slower':
        this.#pace(playback, 1 / 2);
        return true;
      case 'open-moment': {
        const entry = pickedEntry(this.#host.model());
        if (entry) this.seek(playback, entry.seq);
        return false;
      }
      default:
        return false;
    }
  }

  /** True for a click on the line of time. */
  click(x: number, y: number): boolean {
    const model = this.#host.model();
    const { playback, cols, glyphs } = model;
    if (!playback || y !== placesOf(model).player) return false;
    const bar = playerBar(playback, cols, glyphs);
    if (x < bar.x || x >= bar.x + bar.width) return false;
    this.seek(playback, seqAtMs(playback, ((x - bar.x) / Math.max(1, bar.width - 1)) * totalMs(playback)));
    return true;
  }

  /** Shows the run as it was after that event; it goes on from there if it was playing. Where that is far, soon. */
  seek(playback: Playback, seq: number): void {
    const { replay } = playback;
    if (replay.isOver && seq < replay.at) replay.pause();
    const events = seq < replay.at ? placeOf(playback, seq) : seq - replay.at;
    if (this.#goalIn(playback) !== null || events > FAR) return void this.#goFar(playback, seq);
    this.#arrive(() => {
      if (seq >= replay.at) return replay.skipTo(seq);
      replay.rewind(seq);
      this.#host.rejoin();
    });
  }

  /** Who asks for another place on the way sees this one, and goes on to that. */
  async #goFar(playback: Playback, seq: number): Promise<void> {
    if (this.#way?.playback === playback) {
      this.#way.goal = seq;
      return;
    }
    const way = (this.#way = { playback, goal: seq });
    const { replay } = playback;
    const { clock, model, slowly, rejoin } = this.#host;
    const isVoid = (): boolean => model().playback !== playback;
    for (let goal = NaN; goal !== way.goal && !isVoid();) {
      goal = way.goal;
      const run = new RunStore();
      const events = replay.events.slice(0, placeOf(playback, goal) + 1);
      await slowly('going there', (onPart) => foldInParts(run, events, { clock, onPart, isVoid }));
      if (isVoid()) break;
      this.#arrive(() => {
        replay.rewind(goal);
        rejoin(run);
      });
    }
    if (this.#way === way) this.#way = null;
  }

  #goalIn(playback: Playback): number | null {
    return this.#way?.playback === playback ? this.#way.goal : null;
  }

  #arrive(go: () => void): void {
    const { model, set, tick } = this.#host;
    this.isSeeking = true;
    go();
    this.isSeeking = false;
    set({ paneScroll: new Map(), timeline: { ...model().timeline, pick: null } });
    tick();
  }

  #toggle(playback: Playback): void {
    const { replay } = playback;
    const { set, tick } = this.#host;
    if (replay.isOver) {
      this.seek(playback, 1);
      replay.play();
    } else if (replay.isPaused) replay.play();
    else replay.pause();
    set({});
    tick();
  }

  #pauseAt(playback: Playback, seq: number | undefined): void {
    playback.replay.pause();
    this.#jump(playback, seq);
  }

  #jump(playback: Playback, seq: number | undefined): void {
    if (seq === undefined)
      this.#host.say('info', playback.replay.isOver ? 'This is the end.' : 'This is the beginning.');
    else this.seek(playback, seq);
  }

  #scrub(playback: Playback, at: number, way: 1 | -1): void {
    const { replay, times } = playback;
    const fromMs = at === replay.at ? playedMs(playback) : (times[placeOf(playback, at)] ?? 0);
    const seq = seqAtMs(playback, fromMs + way * totalMs(playback) * SCRUB);
    const next = replay.events.find((event) => event.seq > at)?.seq;
    const before = replay.events.findLast((event) => event.seq < at)?.seq;
    // Where nothing happened for long, the next event is nearer than the step.
    if (way > 0) this.#jump(playback, next && Math.max(seq, next));
    else this.#jump(playback, before && Math.min(seq, before));
  }

  #pace(playback: Playback, factor: number): void {
    const { replay } = playback;
    replay.speed = Math.max(SLOWEST, Math.min(FASTEST, (replay.speed === Infinity ? 1 : replay.speed) * factor));
    this.#host.say('info', `${speedText(replay.speed)} times as fast as it happened`);
  }
}
