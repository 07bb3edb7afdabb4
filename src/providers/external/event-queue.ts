/** Hands on what callbacks bring, in order, to one reader that takes its time. */
export class EventQueue<T> {
  readonly #items: T[] = [];
  #wake: (() => void) | null = null;
  #isEnded = false;
  #isOver = false;
  readonly #waiting: (() => void)[] = [];

  /** Ignored once the queue has ended. */
  push(item: T): void {
    if (this.#isEnded) return;
    this.#items.push(item);
    this.#wake?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** Resolves when the reader is done with all that was pushed, or reads no more. */
  drained(): Promise<void> {
    const isIdle = this.#isOver || (this.#wake !== null && this.#items.length === 0);
    return isIdle ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Everything that was pushed, until the end. For one reader. */
  async *read(): AsyncGenerator<T> {
    try {
      for (;;) {
        const item = this.#items.shift();
        if (item !== undefined) yield item;
        else if (this.#isEnded) return;
        else {
          const woken = Promise.withResolvers<void>();
          this.#wake = woken.resolve;
          this.#tellDrained();
          await woken.promise;
          this.#wake = null;
        }
      }
    } finally {
      this.#isOver = true;
      this.#tellDrained();
    }
  }

  #tellDrained(): void {
    for (const tell of this.#waiting.splice(0)) tell();
  }
}
