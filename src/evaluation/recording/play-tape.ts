import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import type { Clock } from '../../platform/clock.ts';

export interface PlayRequest {
  /** Where the tape is, and where its files are made. */
  folder: string;
  /** Name of the tape in the folder. */
  tape: string;
  env: Readonly<Record<string, string | undefined>>;
  /** A file that shows that the recorded program has ended, absolute. */
  endFile: string;
  clock: Clock;
  signal: AbortSignal;
}

/** How long VHS may take to make its files, once the recorded program has ended. */
const RENDER_LIMIT_MS = 600_000;
/** A tape that still waits so long after the end of its program waits for nothing. */
const LOOK_MS = 1_000;
const PATIENCE_LOOKS = 45;
const KILL_AFTER_MS = 3_000;
const KEPT_CHARS = 4_000;

/**
 * Plays a tape with VHS. Resolves with the end of what VHS said and its exit code; null when it was stopped. Rejects
 * with the system's error when VHS cannot be started. Nothing that VHS has started lives on.
 */
export async function playTape({ folder, tape, env, endFile, clock, signal }: PlayRequest): Promise<{
  exitCode: number | null;
  said: string;
}> {
  signal.throwIfAborted();
  // A group of its own, so that its terminal, its browser and its shell end with it.
  const child = spawn('vhs', [tape], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const hear = (chunk: Buffer): void => {
    said = `${said}${chunk.toString('utf8')}`.slice(-KEPT_CHARS);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const closed = Promise.withResolvers<number | null>();
  child.on('error', closed.reject);
  child.on('close', closed.resolve);

  const kill = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // It is gone already.
    }
  };
  const stops: (() => void)[] = [];
  const stop = (): void => {
    kill('SIGTERM');
    stops.push(clock.after(KILL_AFTER_MS, () => kill('SIGKILL')));
  };
  signal.addEventListener('abort', stop, { once: true });
  const watching = new AbortController();
  void watch(watching.signal).catch(() => undefined);
  try {
    return { exitCode: await closed.promise, said };
  } finally {
    watching.abort();
    signal.removeEventListener('abort', stop);
    for (const cancel of stops) cancel();
    kill('SIGKILL');
  }

  /** The tape waits for words on the screen, which never come when the program ends early. */
  async function watch(over: AbortSignal): Promise<void> {
    let looks = 0;
    while (!(await isThere(endFile))) await clock.sleep(LOOK_MS, over);
    while (looks < PATIENCE_LOOKS && !said.includes('Creating')) {
      looks += 1;
      await clock.sleep(LOOK_MS, over);
    }
    if (said.includes('Creating')) await clock.sleep(RENDER_LIMIT_MS, over);
    stop();
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
