import { join } from 'node:path';
import type { RunState } from '../coordination/state.ts';
import { encodeEvent } from '../events/codec.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { followRun } from './follow-run.ts';
import { createOutput } from './output.ts';
import { oneLine } from './plain-text.ts';
import { safeJson } from './safe-json.ts';

/**
 * `--json`: every event of the run as one line of JSON on stdout, and nothing else. When the reader goes away the
 * run is cancelled, since nobody is left to see it. Resolves with the last state, after everything is written.
 */
export async function printJsonLines(
  handle: RunHandle,
  { stdout }: { stdout: NodeJS.WritableStream },
): Promise<RunState | null> {
  const out = createOutput(stdout);
  void out.broken.then(() => handle.send({ type: 'cancel', by: 'caller' }));
  try {
    const state = await followRun(handle, (event) => out.write(safeJson(encodeEvent(event))));
    await out.flush();
    out.check(`the events are in ${oneLine(join(handle.dir, 'run.jsonl'))}`);
    return state;
  } finally {
    await out.flush();
  }
}
