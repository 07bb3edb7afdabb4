import type { RunState } from '../coordination/state.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { exitCodeOf } from '../headless/exit-code.ts';
import type { Streams } from '../headless/follow-run.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';
import { onInterrupt } from '../platform/interrupts.ts';
import type { LaunchedRun } from './launch.ts';

export type HeadlessFormat = 'plain' | 'silent' | 'automation' | 'json';

/**
 * Runs one question without a screen: results on stdout, everything else on stderr. The first Ctrl+C (or SIGTERM)
 * cancels the run, which keeps everything that was decided; the second leaves at once.
 */
export async function runHeadless(
  begin: () => Promise<LaunchedRun>,
  format: HeadlessFormat,
  streams: Streams,
): Promise<ExitCode> {
  const run = await begin();
  const stopListening = onInterrupt((signal, isFirst) => {
    if (!isFirst) return process.exit(EXIT.interrupted);
    run.handle.send({ type: 'cancel', by: signal === 'SIGINT' ? 'user' : 'signal' });
  });
  try {
    const state = await printRun(run, format, streams);
    await run.files.settled;
    if (state?.isCancelled) {
      streams.stderr.write(`Interrupted; nothing is lost. Go on with: massgen resume ${run.handle.id}\n`);
    }
    return exitCodeOf(state);
  } finally {
    stopListening();
  }
}

/** Prints a run until it has ended. Resolves with its last state. */
export async function printRun(run: LaunchedRun, format: HeadlessFormat, streams: Streams): Promise<RunState | null> {
  const { handle, files }: { handle: RunHandle; files: LaunchedRun['files'] } = run;
  switch (format) {
    case 'plain':
    case 'silent':
      return (await import('../headless/plain.ts')).printPlain(handle, streams, { isSilent: format === 'silent' });
    case 'automation':
      return (await import('../headless/automation.ts')).printAutomation(handle, streams, files);
    case 'json':
      return (await import('../headless/json-lines.ts')).printJsonLines(handle, streams);
  }
}
