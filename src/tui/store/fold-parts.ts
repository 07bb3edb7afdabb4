import type { RunEvent } from '../../events/event.ts';
import type { Clock } from '../../platform/clock.ts';
import type { RunStore } from './run-store.ts';

/** A part ends after so long, or so many events: then keys are heard. */
const PART_MS = 8;
const PART_EVENTS = 500;
/** How often the time is looked at. */
const LOOK_EVERY = 20;

interface Folding {
  clock: Clock;
  /** Told after every part but the first how much is done, 0 … 1. */
  onPart: (share: number) => void;
  /** Nobody waits for the rest any more. */
  isVoid: () => boolean;
}

/** Folds events into a run in parts between which keys are heard. Few of them, and the first part of many, at once. */
export async function foldInParts(run: RunStore, events: readonly RunEvent[], folding: Folding): Promise<void> {
  const { clock, onPart, isVoid } = folding;
  for (let next = foldPart(run, events, 0, clock); next < events.length;) {
    await clock.sleep(0);
    if (isVoid()) return;
    next = foldPart(run, events, next, clock);
    onPart(next / events.length);
  }
}

/** Gives the place of the first event that is left. */
function foldPart(run: RunStore, events: readonly RunEvent[], from: number, clock: Clock): number {
  const begun = clock.now();
  const most = Math.min(events.length, from + PART_EVENTS);
  for (let next = from; next < most; next++) {
    if (next > from && next % LOOK_EVERY === 0 && clock.now() - begun >= PART_MS) return next;
    const event = events[next];
    if (event) run.apply(event);
  }
  return most;
}
