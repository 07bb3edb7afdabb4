import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Readable } from 'node:stream';
import { closeOutputs } from '../../platform/close-outputs.ts';
import { randomHex } from '../../platform/entropy.ts';
import { CappedOutput } from './capped-output.ts';
import { killMarked, MARK } from './marked-processes.ts';

export interface CommandResult {
  /** Null when a signal ended the command. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface ProcessOptions {
  cwd: string;
  env: Record<string, string>;
  signal: AbortSignal;
  /** All that the program reads; absent is nothing. */
  input?: string | undefined;
  /** What it reads from its fourth stream (3), besides its input. */
  settings?: Buffer | undefined;
  /** Nothing else ends what it starts in a session of its own, so its processes are marked, looked for and killed. */
  isMarked?: true;
}

/** What is left open by who cannot be found any more is not waited for. */
const PATIENCE_MS = 1_000;

/**
 * Runs a program without a terminal, in a process group of its own, which is killed as a whole when the signal is aborted
 * and when the program ends. Rejects if it cannot be started.
 */
export function runProcess(file: string, args: readonly string[], options: ProcessOptions): Promise<CommandResult> {
  const { signal, input = '' } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const { child, kill, over } = spawned(file, args, options);
    const [stdout, stderr] = [collected(child.stdout), collected(child.stderr)];
    // A program that reads nothing closes its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error) => {
      signal.removeEventListener('abort', kill);
      reject(error);
    });
    child.once('close', (exitCode) => {
      signal.removeEventListener('abort', kill);
      void over().then(() => resolve({ exitCode, stdout: stdout.text(), stderr: stderr.text() }));
    });
  });
}

/** A program that goes on while its agent does something else. */
export interface StartedProcess {
  /** Resolves with whether the program still takes input. */
  write: (text: string) => Promise<boolean>;
  /** Of the program; null when a signal ended it. Never rejects. */
  readonly ended: Promise<number | null>;
}

/**
 * As `runProcess`, but resolves once the program runs. `onOutput` is told what it writes, as it comes. The signal kills
 * the whole process group.
 */
export function startProcess(
  file: string,
  args: readonly string[],
  options: ProcessOptions,
  onOutput: (text: string) => void,
): Promise<StartedProcess> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const { child, kill, over } = spawned(file, args, options);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', onOutput);
    }
    child.stdin.on('error', () => undefined);
    child.once('error', (error) => {
      signal.removeEventListener('abort', kill);
      reject(error);
    });
    const ended = new Promise<number | null>((end) => {
      child.once('close', (exitCode) => {
        signal.removeEventListener('abort', kill);
        void over().then(() => end(exitCode));
      });
    });
    const write = (text: string): Promise<boolean> =>
      new Promise((done) => {
        if (child.stdin.writable) child.stdin.write(text, (error) => done(!error));
        else done(false);
      });
    child.once('spawn', () => resolve({ write, ended }));
  });
}

interface Spawned {
  child: ChildProcessWithoutNullStreams;
  /** Ends it with all that it has started; for the signal. */
  kill: () => void;
  /** Resolves when what was killed is gone. */
  over: () => Promise<unknown>;
}

/** Kills the rest when the signal is aborted and when the program itself has ended: it would keep the outputs open. */
function spawned(file: string, args: readonly string[], options: ProcessOptions): Spawned {
  const { cwd, env, signal, settings, isMarked } = options;
  const mark = randomHex(12);
  const own = isMarked ? { ...env, [MARK]: mark } : env;
  const child = spawn(file, args, {
    cwd,
    env: own,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', settings ? 'pipe' : 'ignore'],
  }) as ChildProcessWithoutNullStreams;
  // Where no file can be opened any more there is nothing to read from, and the event that says so comes later.
  if ((child.stdout as Readable | undefined) === undefined) {
    child.on('error', () => undefined);
    throw new Error(`${file} cannot be started: too many files are open.`);
  }
  const more = child.stdio[3];
  if (settings && more && 'end' in more) more.on('error', () => undefined).end(settings);
  let killing: Promise<void> = Promise.resolve();
  const kill = (): void => {
    killGroup(child.pid);
    if (isMarked) killing = killing.then(() => killMarked(mark));
  };
  signal.addEventListener('abort', kill, { once: true });
  child.once('exit', () => {
    kill();
    AbortSignal.timeout(PATIENCE_MS).addEventListener('abort', () => closeOutputs([child.stdout, child.stderr]));
  });
  return { child, kill, over: () => killing };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended already.
  }
}

function collected(stream: Readable): CappedOutput {
  const output = new CappedOutput();
  stream.on('data', (chunk: Buffer) => output.add(chunk));
  return output;
}
