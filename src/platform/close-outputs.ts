import type { Readable } from 'node:stream';

/** What a stream still holds comes within a turn or two of the event loop; who goes on writing is not heard to the end. */
const MAX_TURNS = 20;

/**
 * Destroys outputs that somebody keeps open, after what waits in them has been read: on a busy machine a timer may come
 * before that.
 */
export function closeOutputs(outputs: readonly Readable[]): void {
  let turns = 0;
  // The first turn may have read before this was called.
  let hasCome = true;
  const note = (): void => void (hasCome = true);
  for (const output of outputs) output.on('data', note);
  const look = (): void => {
    turns += 1;
    if (hasCome && turns < MAX_TURNS) {
      hasCome = false;
      setImmediate(look);
    } else for (const output of outputs) output.destroy();
  };
  setImmediate(look);
}
