import type { ActionId } from '../input/keymap.ts';
import type { Tone } from '../store/blocks.ts';
import type { Model } from '../view/model.ts';
import { playedMs, seqAtMs, totalMs, type Playback } from '../view/playback.ts';
import { playerBar, speedText } from '../view/player-row.ts';
import { placesOf } from '../view/screen.ts';
import { pickedEntry } from '../view/timeline-screen.ts';

/** What a replay needs of the app. */
export interface PlayerHost {
  model: () => Model;
  set: (change: Partial<Model>) => void;
  say: (tone: Tone, text: string, isBrief?: boolean) => void;
  /** Shows the run anew from what the replay tells now: it went back. */
  rejoin: () => void;
  /** Time may pass from now on. */
  tick: () => void;
}

const SLOWEST = 1 / 8;
const FASTEST = 64;
/** A scrub moves by this part of the run. */
const SCRUB = 1 / 40;

/** Play, pause, steps and jumps in a run that is played from its log. */
export class Player {
  /** True while it jumps: what is told meanwhile is no news. */
  isSeeking = false;
  readonly #host: PlayerHost;

  constructor(host: PlayerHost) {
    this.#host = host;
  }

  /** True if the action was one of these. */
  run(action: ActionId): boolean {
    const { playback } = this.#host.model();
    if (!playback) return false;
    const { replay } = playback;
    switch (action) {
      case 'play':
        this.#toggle(playback);
        return true;
      case 'step-forward':
        this.#pauseAt(playback, replay.events.find((event) => event.seq > replay.at)?.seq);
        return true;
      case 'step-back':
        this.#pauseAt(playback, replay.events.findLast((event) => event.seq < replay.at)?.seq);
        return true;
      case 'next-moment':
        this.#jump(playback, playback.moments.find(({ event }) => event.seq > replay.at)?.event.seq);
        return true;
      case 'previous-moment':
        this.#jump(playback, playback.moments.findLast(({ event }) => event.seq < replay.at)?.event.seq ?? 1);
        return true;
      case 'scrub-forward':
        this.#scrub(playback, 1);
        return true;
      case 'scrub-back':
        this.#scrub(playback, -1);
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

  /** Shows the run as it was after that event; it goes on from there if it was playing. */
  seek(playback: Playback, seq: number): void {
    const { replay } = playback;
    const { model, set, rejoin, tick } = this.#host;
    if (replay.isOver && seq < replay.at) replay.pause();
    this.isSeeking = true;
    if (seq >= replay.at) replay.skipTo(seq);
    else {
      replay.rewind(seq);
      rejoin();
    }
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

  #scrub(playback: Playback, way: 1 | -1): void {
    const { replay } = playback;
    const seq = seqAtMs(playback, playedMs(playback) + way * totalMs(playback) * SCRUB);
    const next = replay.events.find((event) => event.seq > replay.at)?.seq;
    const before = replay.events.findLast((event) => event.seq < replay.at)?.seq;
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
