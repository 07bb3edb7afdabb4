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
  const hits = flags.filter(Boolean).length;
  return {
    hits,
    of: flags.length,
    share: flags.length === 0 ? null : hits / flags.length,
    interval: wilsonInterval(hits, flags.length),
  };
}

/** Null of nothing. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
