import type { Clock } from '../../platform/clock.ts';

/** Least time between two frames. */
const DATA_MS = 33;
const INPUT_MS = 16;
const CALM_MS = 250;

/**
 * Decides when the screen is drawn: requests are gathered, frames keep their distance, and without a request there is
 * no timer. A frame does not begin while the last one is still being written; `resume` is called when it is out.
 */
export class FrameScheduler {
  readonly #clock: Clock;
  readonly #draw: () => void;
  readonly #isBusy: () => boolean;
  readonly #dataMs: number;
  #lastAt = -Infinity;
  #lastInputAt = -Infinity;
  #wanted: 'data' | 'input' | null = null;
  #timer: { dueAt: number; cancel: () => void } | null = null;
  #isStopped = false;

  /** `isCalm` draws data at a slow pace, for reduced motion; keys are answered as fast as ever. */
  constructor(clock: Clock, options: { draw: () => void; isBusy: () => boolean; isCalm: boolean }) {
    this.#clock = clock;
    this.#draw = options.draw;
    this.#isBusy = options.isBusy;
    this.#dataMs = options.isCalm ? CALM_MS : DATA_MS;
  }

  request(reason: 'data' | 'input'): void {
    if (this.#isStopped) return;
    if (this.#wanted !== 'input') this.#wanted = reason;
    this.#arm();
  }

  /** The writer is free again: what waited for it goes on. */
  resume(): void {
    if (this.#wanted !== null) this.#arm();
  }

  /** No frame is drawn any more. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #arm(): void {
    if (this.#wanted === null || this.#isStopped || this.#isBusy()) return;
    // A key does not wait because data was drawn a moment ago; only keys keep their distance from each other.
    const dueAt = this.#wanted === 'input' ? this.#lastInputAt + INPUT_MS : this.#lastAt + this.#dataMs;
    if (this.#timer && this.#timer.dueAt <= dueAt) return;
    this.#timer?.cancel();
    const wait = Math.max(0, dueAt - this.#clock.now());
    this.#timer = { dueAt, cancel: this.#clock.after(wait, () => this.#fire()) };
  }

  #fire(): void {
    this.#timer = null;
    if (this.#isStopped || this.#wanted === null || this.#isBusy()) return;
    this.#lastAt = this.#clock.now();
    if (this.#wanted === 'input') this.#lastInputAt = this.#lastAt;
    this.#wanted = null;
    this.#draw();
  }
}
