/** How well the terminal takes what it is sent: 0 well, 1 slowly, 2 hardly. */
export type LinkLevel = 0 | 1 | 2;

const SLOW_MS = 40;
const CRAWL_MS = 150;
/** How long a link must be good before it is trusted again. */
const GOOD_MS = 3000;
/** Share of the newest frame in the average. */
const NEWEST = 0.2;

/** Judges a terminal by the time that frames take to be written. Worse counts at once, better after a while. */
export class LinkPace {
  readonly #floor: LinkLevel;
  readonly #isTrusted: boolean;
  #averageMs = 0;
  #level: LinkLevel = 0;
  #goodSince: number | null = null;

  /** With `isEconomy` it counts as slow from the start and for ever; with `isTrusted` it never gets worse than that. */
  constructor(isEconomy: boolean, isTrusted = false) {
    this.#floor = isEconomy ? 1 : 0;
    this.#isTrusted = isTrusted;
  }

  get level(): LinkLevel {
    return this.#level > this.#floor ? this.#level : this.#floor;
  }

  /** A frame took that long to be written. */
  note(writeMs: number, now: number): void {
    if (this.#isTrusted) return;
    this.#averageMs += (writeMs - this.#averageMs) * NEWEST;
    const measured = this.#averageMs > CRAWL_MS ? 2 : this.#averageMs > SLOW_MS ? 1 : 0;
    if (measured >= this.#level) {
      this.#level = measured;
      this.#goodSince = null;
      return;
    }
    this.#goodSince ??= now;
    if (now - this.#goodSince < GOOD_MS) return;
    this.#level = measured;
    this.#goodSince = null;
  }
}

/** Least time between two changes of a pane that is not focused, by level and number of panes. */
export function restMs(level: LinkLevel, panes: number): number {
  if (level === 2) return 245;
  if (level === 1) return 120;
  // Nobody reads five streams at once: 15 changes a second look the same and cost half.
  return panes > 4 ? 60 : 0;
}
