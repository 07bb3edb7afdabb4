import type { WorkingCopy } from '../../workspace/agent-files.ts';
import type { FileDesk } from '../files/file-desk.ts';
import type { ToolHostOptions } from '../tool-host-options.ts';
import { createRunner } from './create-runner.ts';
import { placeOf } from './runner-place.ts';

const SETUP_TIMEOUT_MS = 600_000;

/** Makes a new copy ready. Resolves with what went wrong; the agent works without it. */
export async function setUpCopy(
  options: ToolHostOptions,
  { files }: FileDesk,
  { setupScript, readable }: WorkingCopy,
): Promise<string[]> {
  if (setupScript === null) return [];
  const { needs, clock } = options;
  const wanted = { readable, hasNetwork: needs.commands?.network ?? false };
  const runner = await createRunner(placeOf(options, files), needs.commands?.mode ?? 'sandbox', needs.docker, wanted);
  const late = new AbortController();
  let stopTimer = (): void => undefined;
  try {
    const access = { mayWriteContext: false, labels: [] };
    await runner.prepare?.(() => undefined);
    stopTimer = clock.after(SETUP_TIMEOUT_MS, () => late.abort(new Error('late')));
    const request = { command: setupScript, folder: files.workspace, access, signal: late.signal };
    const { exitCode, stdout, stderr } = await runner.run(request);
    if (exitCode === 0) return [];
    return [
      `The setup_script failed (exit code ${exitCode ?? 'none'}): ${(stderr.trim() || stdout.trim()).slice(-300)}`,
    ];
  } catch {
    return [`The setup_script was not run. ${(await runner.findProblem()) ?? 'It could not be started.'}`];
  } finally {
    stopTimer();
    await runner.dispose?.();
  }
}
