/** A number of places. Whoever comes while all are taken waits; those who wait get one in the order in which they came. */
export class Places {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves with the way to leave, to be called once; with null when it was told to stop before it had a place. */
  enter(stop: AbortSignal): Promise<(() => void) | null> {
    if (stop.aborted) return Promise.resolve(null);
    const leave = (): void => this.#leave();
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve(leave);
    }
    return new Promise((resolve) => {
      const giveUp = (): void => {
        this.#waiting.delete(take);
        resolve(null);
      };
      const take = (): void => {
        stop.removeEventListener('abort', giveUp);
        resolve(leave);
      };
      this.#waiting.add(take);
      stop.addEventListener('abort', giveUp, { once: true });
    });
  }

  #leave(): void {
    const [next] = this.#waiting;
    if (next) {
      this.#waiting.delete(next);
      next();
    } else this.#free += 1;
  }
}
