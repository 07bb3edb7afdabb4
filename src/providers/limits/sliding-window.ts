/** One request in a window. Its weight may be corrected once it is known. */
export interface Booking {
  at: number;
  weight: number;
}

/**
 * At most `limit` of some weight in any `spanMs` milliseconds, the latest included. Requests are booked for a time,
 * now or later, in the order in which they ask; nobody overtakes. Time is what the caller says it is.
 */
export class SlidingWindow {
  readonly #spanMs: number;
  readonly #limit: number;
  /** Oldest first. */
  #bookings: Booking[];

  constructor(spanMs: number, limit: number, past: readonly Booking[] = []) {
    this.#spanMs = spanMs;
    this.#limit = limit;
    this.#bookings = past.toSorted((a, b) => a.at - b.at);
  }

  /**
   * The earliest time from `now` on at which `weight` fits. More than the whole limit fits alone. `limit` is that of who
   * asks, where it is another one than the window was made with.
   */
  earliest(now: number, weight: number, limit = this.#limit): number {
    let at = Math.max(now, this.#bookings.at(-1)?.at ?? now);
    for (const [index, booking] of this.#bookings.entries()) {
      if (booking.at <= at - this.#spanMs) continue;
      const used = this.#bookings.slice(index).reduce((sum, each) => sum + each.weight, 0);
      if (used + weight <= limit) break;
      at = Math.max(at, booking.at + this.#spanMs);
    }
    return at;
  }

  /** Takes the place. Call it with what `earliest` said for now. */
  book(booking: Booking, now: number): void {
    this.#bookings = this.#bookings.filter((each) => each.at > now - this.#spanMs);
    this.#bookings.push(booking);
    this.#bookings.sort((a, b) => a.at - b.at);
  }

  /** Gives a place back that was not used. */
  release(booking: Booking): void {
    this.#bookings = this.#bookings.filter((each) => each !== booking);
  }
}
