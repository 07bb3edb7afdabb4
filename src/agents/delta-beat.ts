import type { Clock } from '../platform/clock.ts';

/** One timer for all who wait on the same clock: what they do then comes together, and is written together. */
interface Beat {
  waiting: Set<() => void>;
  cancel: () => void;
}

const beats = new WeakMap<Clock, Beat>();

/**
 * Calls `callback` once, after at most `ms`, together with all others who wait on this clock; the first of them says
 * when. Returns the way to cancel it.
 */
export function onNextBeat(clock: Clock, ms: number, callback: () => void): () => void {
  const known = beats.get(clock);
  const beat = known ?? begin(clock, ms);
  beat.waiting.add(callback);
  return () => {
    if (!beat.waiting.delete(callback) || beat.waiting.size > 0 || beats.get(clock) !== beat) return;
    beat.cancel();
    beats.delete(clock);
  };
}

function begin(clock: Clock, ms: number): Beat {
  const waiting = new Set<() => void>();
  const cancel = clock.after(ms, () => {
    beats.delete(clock);
    for (const callback of waiting) {
      waiting.delete(callback);
      callback();
    }
  });
  const beat = { waiting, cancel };
  beats.set(clock, beat);
  return beat;
}
