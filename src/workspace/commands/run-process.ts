import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { closeOutputs } from '../../platform/close-outputs.ts';
import { randomHex } from '../../platform/entropy.ts';
import { CappedOutput } from './capped-output.ts';
import { killMarked, MARK } from './marked-processes.ts';
import { openOutputPipes } from './output-pipes.ts';

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
export async function runProcess(
  file: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<CommandResult> {
  const { input } = options;
  const { stdin, outputs, ended } = await spawned(file, args, options, input === undefined ? 'ignore' : 'pipe');
  const [stdout, stderr] = [collected(outputs[0]), collected(outputs[1])];
  stdin?.end(input);
  return { exitCode: await ended, stdout: stdout.text(), stderr: stderr.text() };
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
export async function startProcess(
  file: string,
  args: readonly string[],
  options: ProcessOptions,
  onOutput: (text: string) => void,
): Promise<StartedProcess> {
  const { stdin, outputs, ended } = await spawned(file, args, options, 'pipe');
  for (const stream of outputs) {
    stream.setEncoding('utf8');
    stream.on('data', onOutput);
  }
  const write = (text: string): Promise<boolean> =>
    new Promise((done) => {
      if (stdin?.writable) stdin.write(text, (error) => done(!error));
      else done(false);
    });
  return { write, ended };
}

interface Spawned {
  /** Null where it has no input. */
  stdin: Writable | null;
  outputs: readonly [stdout: Readable, stderr: Readable];
  /** Resolves with its exit code when all that was killed is gone, and both outputs were read. Never rejects. */
  ended: Promise<number | null>;
}

/**
 * Resolves once it runs; its outputs are to be read from then on. Kills the rest when the signal is aborted and when the
 * program itself has ended: it would keep the outputs open.
 */
async function spawned(
  file: string,
  args: readonly string[],
  options: ProcessOptions,
  input: 'pipe' | 'ignore',
): Promise<Spawned> {
  const { cwd, env, signal, settings, isMarked } = options;
  signal.throwIfAborted();
  const pipes = await openOutputPipes();
  const mark = randomHex(12);
  const [out, err] = pipes?.given ?? (['pipe', 'pipe'] as const);
  try {
    signal.throwIfAborted();
    const child = spawn(file, args, {
      cwd,
      env: isMarked ? { ...env, [MARK]: mark } : env,
      detached: true,
      stdio: [input, out, err, settings ? 'pipe' : 'ignore'],
    });
    const started = new Promise((resolve, reject) => child.once('spawn', resolve).on('error', reject));
    const { stdin } = child;
    const outputs = pipes?.outputs ?? ownOutputs(child);
    // Where no file can be opened any more there are no streams at all, and the event that says so comes later.
    if (!outputs) {
      started.catch(() => undefined);
      throw new Error(`${file} cannot be started: too many files are open.`);
    }
    // A program that reads nothing closes its input.
    stdin?.on('error', () => undefined);
    const more = child.stdio[3];
    if (settings && more && 'end' in more) more.on('error', () => undefined).end(settings);
    let killing: Promise<void> = Promise.resolve();
    const kill = (): void => {
      killGroup(child.pid);
      if (isMarked) killing = killing.then(() => killMarked(mark));
    };
    signal.addEventListener('abort', kill, { once: true });
    const closed = outputs.map((output) => new Promise((resolve) => output.once('close', resolve)));
    const ended = new Promise<number | null>((resolve) => {
      child.once('exit', (exitCode) => {
        kill();
        AbortSignal.timeout(PATIENCE_MS).addEventListener('abort', () => closeOutputs(outputs));
        void Promise.all(closed).then(() => {
          signal.removeEventListener('abort', kill);
          void killing.then(() => resolve(exitCode));
        });
      });
    });
    await started.catch((error: unknown) => {
      signal.removeEventListener('abort', kill);
      throw error;
    });
    return { stdin, outputs, ended };
  } catch (error) {
    for (const output of pipes?.outputs ?? []) output.destroy();
    throw error;
  } finally {
    pipes?.closeGiven();
  }
}

/** Null where they could not be made. */
function ownOutputs({ stdout, stderr }: ChildProcess): Spawned['outputs'] | null {
  return stdout && stderr ? [stdout, stderr] : null;
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
