import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { CappedOutput } from './capped-output.ts';

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
}

/**
 * Runs a program without a terminal, in a process group of its own, which is killed as a whole when the signal is aborted
 * and when the program ends. Rejects if it cannot be started.
 */
export function runProcess(file: string, args: readonly string[], options: ProcessOptions): Promise<CommandResult> {
  const { cwd, env, signal, input = '' } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    const [stdout, stderr] = [collected(child.stdout), collected(child.stderr)];
    // A program that reads nothing closes its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const kill = (): void => killGroup(child.pid);
    signal.addEventListener('abort', kill, { once: true });
    child.once('error', (error) => {
      signal.removeEventListener('abort', kill);
      reject(error);
    });
    // What it left behind would keep the outputs open, so it goes when the program itself has ended.
    child.once('exit', kill);
    child.once('close', (exitCode) => {
      signal.removeEventListener('abort', kill);
      resolve({ exitCode, stdout: stdout.text(), stderr: stderr.text() });
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
  { cwd, env, signal }: ProcessOptions,
  onOutput: (text: string) => void,
): Promise<StartedProcess> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    const kill = (): void => killGroup(child.pid);
    signal.addEventListener('abort', kill, { once: true });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', onOutput);
    }
    child.stdin.on('error', () => undefined);
    child.once('error', (error) => {
      signal.removeEventListener('abort', kill);
      reject(error);
    });
    child.once('exit', kill);
    const ended = new Promise<number | null>((end) => {
      child.once('close', (exitCode) => {
        signal.removeEventListener('abort', kill);
        end(exitCode);
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
