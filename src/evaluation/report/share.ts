import { effectiveSize } from '../statistics/effective-size.ts';
import type { Interval } from '../statistics/interval.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';

/** How many of how many, and where the true share lies with 95 % confidence. */
export interface Share {
  hits: number;
  of: number;
  /** 0 to 1; null of nothing. */
  share: number | null;
  interval: Interval | null;
}

export function shareOf(flags: readonly boolean[]): Share {
  return shareOfGroups(flags.map((isHit, index) => ({ group: String(index), isHit })));
}

/** The same for trials of which those of one group hang together: the interval is as wide as what they are worth. */
export function shareOfGroups(found: readonly { group: string; isHit: boolean }[]): Share {
  const groups = [...Map.groupBy(found, ({ group }) => group).values()];
  const hits = countHits(found);
  const size = effectiveSize(groups.map((each) => ({ hits: countHits(each), of: each.length })));
  return {
    hits,
    of: found.length,
    share: found.length === 0 ? null : hits / found.length,
    interval: wilsonInterval((hits / Math.max(1, found.length)) * size, size),
  };
}

function countHits(found: readonly { isHit: boolean }[]): number {
  return found.filter(({ isHit }) => isHit).length;
}

/** Null of nothing. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
