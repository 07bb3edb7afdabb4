import type { Clock } from '../platform/clock.ts';
import { readAll } from '../runlog/read-run-log.ts';
import type { RunEvent } from '../events/event.ts';
import type { Streams } from './streams.ts';

/** What takes no longer needs no word. */
const SLOW_MS = 1000;

/** All events of a run. Where that takes longer than a moment, a row on the terminal says how far it is, and goes again. */
export async function readToldRun(dir: string, stderr: Streams['stderr'], clock: Clock): Promise<RunEvent[]> {
  const beganAt = clock.now();
  let isTold = false;
  try {
    return await readAll(dir, (share) => {
      if (stderr.isTTY !== true || clock.now() - beganAt < SLOW_MS) return;
      isTold = true;
      stderr.write(`\rreading the run: ${Math.floor(share * 100)} %`);
    });
  } finally {
    if (isTold) stderr.write('\r\u001b[K');
  }
}
