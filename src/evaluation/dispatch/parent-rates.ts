import { randomHex } from '../../platform/entropy.ts';
import type { SharedPlace, SharedRates } from '../../providers/limits/shared-rates.ts';
import type { FromChild, RatesFromChild, RatesToChild } from './child-messages.ts';

/** Books places at the process that started this one, which counts for all of its workers. */
export class ParentRates implements SharedRates {
  readonly #send: (message: FromChild) => void;
  readonly #asked = new Map<string, (place: SharedPlace) => void>();

  constructor(send: (message: FromChild) => void) {
    this.#send = send;
  }

  book: SharedRates['book'] = (shares) => {
    const id = randomHex(8);
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.#send({ type: 'book', id, shares: [...shares] });
    });
  };

  receive({ id, place }: RatesToChild): void {
    const resolve = this.#asked.get(id);
    this.#asked.delete(id);
    resolve?.(
      'fullForMs' in place
        ? place
        : {
            ...place,
            correct: (window, weight) => this.#send({ type: 'correct-place', id, window, weight }),
            release: () => this.#send({ type: 'release-place', id }),
          },
    );
  }
}

/** The other side of it: books for one worker at what all of them share. */
export class RatesDesk {
  readonly #rates: SharedRates;
  readonly #reply: (message: RatesToChild) => void;
  /** Places of the trial that the worker has. */
  readonly #places = new Map<string, SharedPlace>();

  constructor(rates: SharedRates, reply: (message: RatesToChild) => void) {
    this.#rates = rates;
    this.#reply = reply;
  }

  /** Never rejects. */
  async receive(message: RatesFromChild): Promise<void> {
    const { id } = message;
    const place = this.#places.get(id);
    switch (message.type) {
      case 'book': {
        const made = await this.#rates.book(message.shares);
        this.#places.set(id, made);
        return this.#reply({
          type: 'booked',
          id,
          place: 'fullForMs' in made ? made : { waitMs: made.waitMs },
        });
      }
      case 'correct-place':
        if (place && 'waitMs' in place) place.correct(message.window, message.weight);
        return;
      case 'release-place':
        if (place && 'waitMs' in place) place.release();
    }
  }

  /** The trial is over: what it has booked stands as it is. */
  forget(): void {
    this.#places.clear();
  }
}
