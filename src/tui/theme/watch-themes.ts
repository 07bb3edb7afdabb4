import { watch } from 'node:fs';
import type { Clock } from '../../platform/clock.ts';

/** Editors write a file in several steps; what they leave after this time is read. */
const QUIET_MS = 100;

/**
 * Calls `onChange` when files of the folder have changed and no more changes came for a moment. A folder that is not
 * there is not watched. Never throws. Returns the way to stop.
 */
export function watchThemes(folder: string | null, clock: Clock, onChange: () => void): () => void {
  let cancel = (): void => undefined;
  const later = (): void => {
    cancel();
    cancel = clock.after(QUIET_MS, onChange);
  };
  try {
    if (folder === null) return cancel;
    const watcher = watch(folder, { persistent: false }, later);
    // The folder was taken away: there is nothing left to watch.
    watcher.on('error', () => watcher.close());
    return () => {
      cancel();
      watcher.close();
    };
  } catch {
    return cancel;
  }
}
