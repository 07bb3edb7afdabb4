/** What something costs and what it brings. */
export interface Tradeoff {
  cost: number;
  gain: number;
}

/** Those that nothing else beats: at most as costly and at least as good, and better in one of the two. Cheapest first. */
export function paretoFront<T extends Tradeoff>(options: readonly T[]): T[] {
  return options
    .filter((option) => !options.some((other) => isBetter(other, option)))
    .toSorted((a, b) => a.cost - b.cost || a.gain - b.gain);
}

function isBetter(other: Tradeoff, than: Tradeoff): boolean {
  if (other.cost > than.cost || other.gain < than.gain) return false;
  return other.cost < than.cost || other.gain > than.gain;
}
