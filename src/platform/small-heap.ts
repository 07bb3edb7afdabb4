import process from 'node:process';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import type { Clock } from './clock.ts';

/** Both halves of the space for new objects. In a smaller one, collecting takes more processor time. */
const ENOUGH_NEW_SPACE = 4 * 1024 * 1024;
/** How much the heap may grow past what is alive before it is collected, in percent. */
const GROWTH_PERCENT = 30;
const NEW_SPACE_CHECK_MS = 50;
/** Resident bytes at which memory counts more than processor time, and below which it no longer does. */
const LARGE = 128 * 1024 * 1024;
const NO_LONGER_LARGE = 120 * 1024 * 1024;
const SIZE_CHECK_MS = 500;

/**
 * Keeps memory small in a process that makes much garbage for long, as a screen does: the engine would let its space
 * for new objects grow to 128 MB and the heap to four times of what is alive, and never give them back. It reads both
 * settings whenever it decides to grow. The space for new objects has no setting for a size in between, so it is watched
 * until it is large enough. Returns the way to stop that.
 *
 * While the process is large, the engine gives everything back that it does not need at each collection. In a flood of
 * tokens that keeps 35 of 170 MB away and takes a quarter more processor time, so it is not done while there is no need.
 *
 * Node's `fetch` reads HTTP with WebAssembly. Unrolling the loops of that code takes 15 MB for a moment, which the process
 * never gives back, and makes nothing faster.
 */
export function keepHeapSmall(
  clock: Pick<Clock, 'after'>,
  residentBytes: () => number = () => process.memoryUsage.rss(),
): () => void {
  setFlagsFromString('--no-wasm-loop-unrolling');
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  const stops = [limitNewSpace(clock), giveBackWhileLarge(clock, residentBytes)];
  return () => {
    for (const stop of stops) stop();
  };
}

function limitNewSpace(clock: Pick<Clock, 'after'>): () => void {
  return each(clock, NEW_SPACE_CHECK_MS, () => {
    const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    if (space && space.space_size < ENOUGH_NEW_SPACE) return true;
    setFlagsFromString('--semi-space-growth-factor=1');
    return false;
  });
}

function giveBackWhileLarge(clock: Pick<Clock, 'after'>, residentBytes: () => number): () => void {
  let isLarge = false;
  return each(clock, SIZE_CHECK_MS, () => {
    const bytes = residentBytes();
    if (isLarge ? bytes < NO_LONGER_LARGE : bytes > LARGE) {
      isLarge = !isLarge;
      setFlagsFromString(isLarge ? '--optimize-for-size' : '--no-optimize-for-size');
    }
    return true;
  });
}

/** Calls `check` at once and then every `ms` as long as it returns true, or until the returned function is called. */
function each(clock: Pick<Clock, 'after'>, ms: number, check: () => boolean): () => void {
  let cancel = (): void => undefined;
  const again = (): void => {
    if (check()) cancel = clock.after(ms, again);
  };
  again();
  return () => cancel();
}
