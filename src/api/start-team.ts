import type { TeamSpec } from '../config/team.ts';
import { launchTeam } from '../engine/launch-team.ts';
import type { RunPast } from '../engine/start-run.ts';
import type { RunEvent } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { followRun } from '../headless/follow-run.ts';
import { keepRunFiles } from '../headless/run-files.ts';
import { EXIT, MassgenError, messageOf } from '../platform/errors.ts';
import type { SessionRun } from '../sessions/session-store.ts';
import type { SessionThread } from '../sessions/session-thread.ts';
import type { RunState } from '../coordination/state.ts';
import type { Clock } from '../platform/clock.ts';
import { iterateEvents } from './iterate-events.ts';
import { toResult } from './result.ts';
import type { RunStream } from './run-stream.ts';
import { steeringOf } from './steer.ts';
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
  /** The session that the run is a turn of, or what was said before. */
  thread?: SessionThread;
  past?: RunPast;
  variables: Readonly<Record<string, string | undefined>>;
}

export interface Following {
  signal?: AbortSignal | undefined;
  onEvent?: ((event: RunEvent) => void) | undefined;
  onProblem?: ((message: string) => void) | undefined;
  /** Somebody decides over calls and answers questions; absent is nobody, so that nothing waits. */
  isAttended?: boolean | undefined;
}

/** A run that was started, or taken up again. */
export interface LaunchedRun {
  handle: RunHandle;
  /** The wall clock. */
  clock: Clock;
  thread?: SessionThread | undefined;
  /** The session of a run that was taken up again. */
  session?: string | null;
}

/** Starts a run as soon as `prepared` says what to run; returns at once. Prints nothing and listens to no signals. */
export function startTeam(prepared: Promise<TeamRun>, following: Following): RunStream {
  const { onProblem, isAttended = false } = following;
  // A run that is cancelled before is not prepared to the end; what is wrong with it then interests nobody.
  prepared.catch(() => undefined);
  return streamOf(async (refuseCancelled) => {
    const { question, thread, ...rest } = await prepared;
    const past = thread ? await thread.past() : rest.past;
    refuseCancelled();
    // The answer does not depend on the list of sessions.
    const onFolder = (run: SessionRun): Promise<void> =>
      thread ? thread.add(run).catch((error: unknown) => onProblem?.(messageOf(error))) : Promise.resolve();
    const launch = {
      ...rest,
      version: VERSION,
      isAttended,
      ...(past && { past }),
      ...(onProblem && { onProblem }),
      onFolder,
    };
    return { ...(await launchTeam(launch, question)), thread };
  }, following);
}

/** Follows a run that `launch` starts; `launch` may ask at any time whether it was cancelled before it began. */
export function streamOf(
  launch: (refuseCancelled: () => void) => Promise<LaunchedRun>,
  { signal, onEvent, onProblem }: Following,
): RunStream {
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
    const run = await launch(refuseCancelled);
    handle = run.handle;
    if (isCancelled) cancel();
    return run;
  })();

  const begun = Promise.withResolvers<{ handle: RunHandle; state: () => RunState }>();
  const result = (async () => {
    try {
      const { handle: running, clock, thread, session = null } = await launched;
      const files = keepRunFiles(running, { clock, onProblem: onProblem ?? (() => undefined) });
      let thrown: { error: unknown } | null = null;
      let latest: RunState | null = null;
      const tell = (event: RunEvent, state: RunState): void => {
        latest = state;
        begun.resolve({ handle: running, state: () => latest ?? state });
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
      return toResult(state, { dir: running.dir, session: thread?.id ?? session });
    } catch (error) {
      begun.reject(error);
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  })();

  const started = launched.then(({ handle: { id, dir } }) => ({ runId: id, runDir: dir }));
  // Whoever cares awaits them; a program that uses only one of the four must not be stopped by the others.
  for (const promise of [started, result, begun.promise]) promise.catch(() => undefined);

  return {
    started,
    result,
    cancel,
    ...steeringOf(begun.promise),
    async *[Symbol.asyncIterator]() {
      yield* iterateEvents((await launched).handle);
    },
  };
}
