import { join } from 'node:path';
import type { RunState } from '../coordination/state.ts';
import type { RunHandle } from '../events/run-handle.ts';
import type { Streams } from './follow-run.ts';
import { followRun } from './follow-run.ts';
import { createOutput } from './output.ts';
import { finalText, linesFor } from './plain-lines.ts';
import { oneLine } from './plain-text.ts';
import { FINAL_ANSWER_FILE } from './run-files.ts';

/**
 * `--no-display`, and whenever there is no terminal: the final answer on stdout and nothing else there; on stderr a
 * line for everything that happens, without escape sequences; with `isSilent` only one that says why there is no answer.
 * Resolves with the last state after all is written;
 * rejects as the run does.
 */
export async function printPlain(
  handle: RunHandle,
  streams: Streams,
  { isSilent = false }: { isSilent?: boolean } = {},
): Promise<RunState | null> {
  const out = createOutput(streams.stdout);
  const err = createOutput(streams.stderr);
  try {
    const state = await followRun(handle, (event, now) => {
      if (isSilent && (event.type !== 'run.finished' || event.data.outcome === 'answered')) return;
      for (const line of linesFor(event, now, handle.dir)) err.write(`${line}\n`);
    });
    // Where both go to the same terminal, the answer comes after the last line about it.
    await err.flush();
    if (state?.final) out.write(finalText(state.final.text));
    await out.flush();
    out.check(`the answer is in ${oneLine(join(handle.dir, FINAL_ANSWER_FILE))}`);
    return state;
  } finally {
    await Promise.all([out.flush(), err.flush()]);
  }
}
