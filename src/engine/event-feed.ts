import type { Alias, EventOf, RunEvent } from '../events/event.ts';
import { LongText } from '../platform/long-text.ts';

type Delta = EventOf<'text.appended' | 'reasoning.appended'>;

/** Pieces of one stream with nothing between them that could tell them apart later. */
interface Gathered {
  first: Delta;
  text: LongText;
}

/**
 * Hands events to listeners in order; one that comes late first gets those that it missed. For that one, pieces of
 * text that followed each other are one piece, under the number of the first.
 */
export class EventFeed {
  readonly #listeners = new Set<(event: RunEvent) => void>();
  #past: (RunEvent | Gathered)[] = [];
  /** What the next piece of an agent's text is added to. */
  readonly #open = new Map<Alias | undefined, Gathered>();

  publish(event: RunEvent): void {
    if (isGathered(event)) this.#gather(event);
    else {
      // The whole reply is in request.finished, so its pieces need not be kept for latecomers.
      if (event.type === 'request.finished')
        this.#past = this.#past.filter((past) => !('first' in past) || past.first.agent !== event.agent);
      this.#open.clear();
      this.#past.push(event);
    }
    for (const listener of this.#listeners) listener(event);
  }

  subscribe(listener: (event: RunEvent) => void): () => void {
    for (const past of this.#past) listener('first' in past ? whole(past) : past);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #gather(event: Delta): void {
    const open = this.#open.get(event.agent);
    if (open?.first.type === event.type && open.first.data.request === event.data.request) {
      open.text.append(event.data.text);
      return;
    }
    const begun: Gathered = { first: event, text: new LongText() };
    begun.text.append(event.data.text);
    this.#open.set(event.agent, begun);
    this.#past.push(begun);
  }
}

function isGathered(event: RunEvent): event is Delta {
  return event.type === 'text.appended' || event.type === 'reasoning.appended';
}

function whole({ first, text }: Gathered): RunEvent {
  return { ...first, data: { ...first.data, text: text.text } };
}
