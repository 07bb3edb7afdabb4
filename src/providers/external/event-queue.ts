/** Hands on what callbacks bring, in order, to one reader that takes its time. */
export class EventQueue<T> {
  readonly #items: T[] = [];
  #wake: (() => void) | null = null;
  #isEnded = false;

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

  /** Everything that was pushed, until the end. For one reader. */
  async *read(): AsyncGenerator<T> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#isEnded) return;
      else {
        const woken = Promise.withResolvers<void>();
        this.#wake = woken.resolve;
        await woken.promise;
        this.#wake = null;
      }
    }
  }
}
