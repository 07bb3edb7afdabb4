import { HttpRefusal } from './http-refusal.ts';

/** A place for one run. */
export interface Slot {
  /** Aborted when the server wants the run to stop. */
  readonly signal: AbortSignal;
  /** The run is over. May be called more than once. */
  leave(): void;
}

/** Counts the runs of a server: no more at once than it may have, and none left behind when it closes. */
export class RunPool {
  readonly #limit: number;
  readonly #stop = new AbortController();
  readonly #idle = Promise.withResolvers<void>();
  #running = 0;
  #isClosing = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get running(): number {
    return this.#running;
  }

  /** Throws an HttpRefusal when there is no place, or the server is closing. */
  enter(): Slot {
    if (this.#isClosing) throw new HttpRefusal(503, 'closing', 'The server is shutting down.');
    if (this.#running >= this.#limit) {
      const runs = this.#limit === 1 ? 'one run' : `${this.#limit} runs`;
      throw new HttpRefusal(
        429,
        'too_many_runs',
        `The server has ${runs} at once and all places are taken; try again.`,
      );
    }
    this.#running += 1;
    let hasLeft = false;
    return {
      signal: this.#stop.signal,
      leave: () => {
        if (hasLeft) return;
        hasLeft = true;
        this.#running -= 1;
        this.#settle();
      },
    };
  }

  /** Takes no more runs in. Resolves when the last one has left. */
  close(): Promise<void> {
    this.#isClosing = true;
    this.#settle();
    return this.#idle.promise;
  }

  /** Tells all runs to stop. */
  cancelAll(): void {
    this.#stop.abort();
  }

  #settle(): void {
    if (this.#isClosing && this.#running === 0) this.#idle.resolve();
  }
}
