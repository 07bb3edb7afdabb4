import { isDelta, type RunEvent } from '../events/event.ts';

/** Hands events to listeners in order; one that comes late first gets those that it missed. */
export class EventFeed {
  readonly #listeners = new Set<(event: RunEvent) => void>();
  #past: RunEvent[] = [];

  publish(event: RunEvent): void {
    // The whole reply is in request.finished, so its pieces need not be kept for latecomers.
    if (event.type === 'request.finished')
      this.#past = this.#past.filter((past) => !isDelta(past) || past.agent !== event.agent);
    this.#past.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  subscribe(listener: (event: RunEvent) => void): () => void {
    for (const event of this.#past) listener(event);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
