import type { Clock } from '../../platform/clock.ts';

/** A time limit that stands still while it is paused. */
export class Deadline {
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  #leftMs: number;
  #since = 0;
  #cancel: (() => void) | null = null;

  /** Runs from now on. */
  constructor(clock: Clock, ms: number, onEnd: () => void) {
    this.#clock = clock;
    this.#onEnd = onEnd;
    this.#leftMs = ms;
    this.resume();
  }

  pause(): void {
    if (!this.#cancel) return;
    this.#cancel();
    this.#cancel = null;
    this.#leftMs = Math.max(0, this.#leftMs - (this.#clock.now() - this.#since));
  }

  resume(): void {
    this.#cancel?.();
    this.#since = this.#clock.now();
    this.#cancel = this.#clock.after(this.#leftMs, this.#onEnd);
  }
}
