import { join } from 'node:path';
import type { RunState } from '../coordination/state.ts';
import { elapsedMs } from '../coordination/views.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { count, seconds } from './figures.ts';
import type { Streams } from './follow-run.ts';
import { followRun } from './follow-run.ts';
import { createOutput } from './output.ts';
import { oneLine, preview } from './plain-text.ts';
import type { RunFiles } from './run-files.ts';
import { FINAL_ANSWER_FILE } from './run-files.ts';
import { winnerId } from './winner-id.ts';

const PREVIEW_CHARS = 200;

/**
 * `--automation`: a few `KEY: value` lines on stdout for programs, nothing else there; trouble goes to stderr.
 * The first lines come once `status.json` exists, the last ones once every file they name is written. Resolves with
 * the last state; rejects as the run does.
 */
export async function printAutomation(handle: RunHandle, streams: Streams, files: RunFiles): Promise<RunState | null> {
  const out = createOutput(streams.stdout);
  const err = createOutput(streams.stderr);
  let isBegun = false;
  let header = Promise.resolve();
  try {
    const state = await followRun(handle, (_event, now) => {
      if (isBegun) return;
      isBegun = true;
      header = files.started.then(() => out.write(automationHeader(handle.dir, now.question)));
    });
    await files.settled;
    await header;
    if (state) {
      out.write(automationFooter(handle.dir, state));
      if (state.end && state.end.outcome !== 'answered')
        err.write(`${state.end.outcome}: ${oneLine(state.end.reason)}\n`);
    }
    await out.flush();
    out.check(`the run is in ${oneLine(handle.dir)}`);
    return state;
  } finally {
    await Promise.all([out.flush(), err.flush()]);
  }
}

function automationHeader(dir: string, question: string): string {
  return [
    `LOG_DIR: ${oneLine(dir)}`,
    `STATUS: ${oneLine(join(dir, 'status.json'))}`,
    `QUESTION: ${oneLine(question)}`,
    '[Coordination in progress - monitor status.json for real-time updates]',
    '',
    '',
  ].join('\n');
}

/** Lines about an answer only where there is one; `DURATION` and `COMPLETED` always. */
function automationFooter(dir: string, state: RunState): string {
  const duration = seconds(elapsedMs(state, state.updatedAt));
  const lines: string[] = [];
  const winner = winnerId(state);
  if (winner !== null) lines.push(`WINNER: ${oneLine(winner)}`);
  if (state.final) lines.push(`ANSWER_FILE: ${oneLine(join(dir, FINAL_ANSWER_FILE))}`);
  lines.push(`DURATION: ${duration}`);
  if (state.final) lines.push(`ANSWER_PREVIEW: ${preview(state.final.text, PREVIEW_CHARS)}`);
  return [...lines, '', `COMPLETED: ${count(state.order.length, 'agent')}, ${duration} total`, ''].join('\n');
}
