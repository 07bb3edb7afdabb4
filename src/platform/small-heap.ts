import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import type { Clock } from './clock.ts';

/** Both halves of the space for new objects. In a smaller one, collecting takes more processor time. */
const ENOUGH_NEW_SPACE = 4 * 1024 * 1024;
/** How much the heap may grow past what is alive before it is collected, in percent. */
const GROWTH_PERCENT = 30;
const CHECK_MS = 50;

/**
 * Keeps memory small in a process that makes much garbage for long, as a screen does: the engine would let its space
 * for new objects grow to 128 MB and the heap to four times of what is alive, and never give them back. It reads both
 * settings whenever it decides to grow. The space for new objects has no setting for a size in between, so it is watched
 * until it is large enough. Returns the way to stop that.
 *
 * Node's `fetch` reads HTTP with WebAssembly. Unrolling the loops of that code takes 15 MB for a moment, which the process
 * never gives back, and makes nothing faster.
 */
export function keepHeapSmall(clock: Pick<Clock, 'after'>): () => void {
  setFlagsFromString('--no-wasm-loop-unrolling');
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  let cancel = (): void => undefined;
  const check = (): void => {
    const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    if (space && space.space_size < ENOUGH_NEW_SPACE) cancel = clock.after(CHECK_MS, check);
    else setFlagsFromString('--semi-space-growth-factor=1');
  };
  check();
  return () => cancel();
}
