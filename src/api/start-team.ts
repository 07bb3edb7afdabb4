import type { TeamSpec } from '../config/team.ts';
import { launchTeam } from '../engine/launch-team.ts';
import type { RunPast } from '../engine/start-run.ts';
import type { RunEvent } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { followRun } from '../headless/follow-run.ts';
import { keepRunFiles } from '../headless/run-files.ts';
import { EXIT, MassgenError } from '../platform/errors.ts';
import { iterateEvents } from './iterate-events.ts';
import { toResult } from './result.ts';
import type { RunStream } from './run-stream.ts';
import { VERSION } from './version.ts';

/** What to run, ready to start. */
export interface TeamRun {
  team: TeamSpec;
  question: string;
  seed: number | undefined;
  speed: number;
  runsDir: string;
  /** With it the run can be taken up again later, if its team can be made again. */
  cwd: string;
  /** The user's, for rate limits of the user's own. */
  home: string;
  /** What was said before. */
  past?: RunPast;
  variables: Readonly<Record<string, string | undefined>>;
}

export interface Following {
  signal?: AbortSignal | undefined;
  onEvent?: ((event: RunEvent) => void) | undefined;
  onProblem?: ((message: string) => void) | undefined;
}

/** Starts a run as soon as `prepared` says what to run; returns at once. Prints nothing and listens to no signals. */
export function startTeam(prepared: Promise<TeamRun>, { signal, onEvent, onProblem }: Following): RunStream {
  let isCancelled = signal?.aborted ?? false;
  let handle: RunHandle | null = null;
  const cancel = (): void => {
    isCancelled = true;
    handle?.send({ type: 'cancel', by: 'caller' });
  };
  signal?.addEventListener('abort', cancel, { once: true });
  const refuseCancelled = (): void => {
    if (isCancelled)
      throw new MassgenError('cancelled', 'The run was cancelled before it began.', { exitCode: EXIT.interrupted });
  };

  const launched = (async () => {
    refuseCancelled();
    const { question, ...rest } = await prepared;
    refuseCancelled();
    const run = await launchTeam({ ...rest, version: VERSION, ...(onProblem && { onProblem }) }, question);
    handle = run.handle;
    if (isCancelled) cancel();
    return run;
  })();

  const result = (async () => {
    try {
      const { handle: running, clock } = await launched;
      const files = keepRunFiles(running, { clock, onProblem: onProblem ?? (() => undefined) });
      let thrown: { error: unknown } | null = null;
      const tell = (event: RunEvent): void => {
        if (thrown) return;
        try {
          onEvent?.(event);
        } catch (error) {
          // A listener with a bug must not tear the run's log; it is stopped, and the bug comes out of `result`.
          thrown = { error };
          cancel();
        }
      };
      const state = await followRun(running, tell);
      await files.settled;
      if (thrown) throw (thrown as { error: unknown }).error;
      if (!state) throw new Error('a run that ended has a state');
      return toResult(state, running.dir);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  })();

  const started = launched.then(({ handle: { id, dir } }) => ({ runId: id, runDir: dir }));
  // Whoever cares awaits them; a program that uses only one of the three must not be stopped by the others.
  for (const promise of [started, result]) promise.catch(() => undefined);

  return {
    started,
    result,
    cancel,
    async *[Symbol.asyncIterator]() {
      yield* iterateEvents((await launched).handle);
    },
  };
}
