import type { Duplex, Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Container, Exec, ExecBody } from 'dockerode';
import type { Clock } from '../../platform/clock.ts';
import { randomHex } from '../../platform/entropy.ts';
import { CappedOutput } from '../commands/capped-output.ts';
import type { CommandResult, StartedProcess } from '../commands/run-process.ts';
import { engineFault, statusOf } from './engine.ts';
import { frameReader } from './frames.ts';

export interface ContainerCommand {
  command: string;
  /** Absolute, in the container. */
  folder: string;
  environment: Readonly<Record<string, string>>;
  /** Null is the container's own. */
  user: string | null;
  signal: AbortSignal;
  /** All that it reads; absent is nothing. */
  input?: string | undefined;
}

/** A container that is not there any more, or does not run. */
export class ContainerGone extends Error {}

const KILL_MS = 3_000;

/**
 * Kills all that has the mark in its environment, until nothing is left that has it. All of it is stopped first, so that
 * nothing starts anything new or complains about the end of the others.
 */
const SWEEP = [
  'for signal in STOP KILL KILL KILL KILL; do',
  '  found=',
  '  for at in $(grep -ls "MASSGEN_COMMAND=$1" /proc/[0-9]*/environ); do',
  '    at=${at%/environ}',
  '    kill -$signal "${at#/proc/}" 2>/dev/null && found=1',
  '  done',
  '  [ -z "$found" ] && break',
  'done',
].join('\n');

/**
 * The command, and then an end of what it left running. The shell that does this does not bear the mark itself, and what
 * it has to say of a command that was killed is not heard.
 */
const COMMAND = [
  'exec 3>&2 2>/dev/null',
  '(exec 2>&3 3>&-; MASSGEN_COMMAND="$1" exec /bin/sh -c "$2")',
  'code=$?',
  SWEEP,
  'exit $code',
].join('\n');

/**
 * Runs a command in a container. As `runProcess`: it is killed with all that it started when the signal is
 * aborted. A command that cannot be killed otherwise takes the whole container's processes with it. Rejects with
 * `ContainerGone`, or when the engine refuses.
 */
export async function runInContainer(
  container: Container,
  command: ContainerCommand,
  clock: Clock,
): Promise<CommandResult> {
  const [stdout, stderr] = [new CappedOutput(), new CappedOutput()];
  const read = frameReader((chunk, isError) => (isError ? stderr : stdout).add(chunk));
  const { input } = command;
  const running = await begin(container, command, input !== undefined);
  const { stream } = running;
  stream.on('data', read);
  if (input !== undefined && 'write' in stream) stream.end(input);
  const exitCode = await ending(container, running, command.signal, clock);
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

/** As `runInContainer`, but resolves once the command runs, which takes input. */
export async function startInContainer(
  container: Container,
  command: ContainerCommand,
  clock: Clock,
  onOutput: (text: string) => void,
): Promise<StartedProcess> {
  const decoders = [new StringDecoder('utf8'), new StringDecoder('utf8')] as const;
  const read = frameReader((chunk, isError) => onOutput(decoders[isError ? 1 : 0].write(chunk)));
  const running = await begin(container, command, true);
  const { stream } = running;
  stream.on('data', read);
  const ended = ending(container, running, command.signal, clock).catch(() => null);
  const write = (text: string): Promise<boolean> =>
    new Promise((done) => {
      if ('write' in stream && stream.writable) stream.write(text, (error) => done(!error));
      else done(false);
    });
  return { write, ended };
}

interface Running {
  exec: Exec;
  stream: Readable | Duplex;
  mark: string;
}

async function begin(container: Container, command: ContainerCommand, hasInput: boolean): Promise<Running> {
  const { signal } = command;
  signal.throwIfAborted();
  const mark = randomHex(12);
  const body: ExecBody = {
    AttachStdin: hasInput,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    Cmd: ['/bin/sh', '-c', COMMAND, 'sh', mark, command.command],
    Env: Object.entries(command.environment).map(([name, value]) => `${name}=${value}`),
    WorkingDir: command.folder,
    ...(command.user !== null && { User: command.user }),
  };
  try {
    const exec = await container.exec(body);
    const stream = hasInput ? await exec.start({ hijack: true, stdin: true }) : await exec.start({});
    // What goes wrong with it ends it.
    stream.on('error', () => undefined);
    return { exec, stream, mark };
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 || status === 409) throw new ContainerGone(engineFault(error), { cause: error });
    throw new Error(`The container refused the command: ${engineFault(error)}`, { cause: error });
  }
}

/** Waits until the command is over, or was killed. Null for one that was killed. */
async function ending(
  container: Container,
  { exec, stream, mark }: Running,
  signal: AbortSignal,
  clock: Clock,
): Promise<number | null> {
  const closed = new Promise<void>((resolve) => stream.once('close', resolve).once('end', resolve));
  const stopped = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => stopped.resolve(), { once: true });
  if (signal.aborted) stopped.resolve();
  await Promise.race([closed, stopped.promise]);
  if (!signal.aborted) return exitCodeOf(exec);
  await within(KILL_MS, clock, sweep(container, mark));
  await within(KILL_MS, clock, closed);
  const isAlive = await exec.inspect().then(
    ({ Running: isRunning }) => isRunning,
    () => false,
  );
  if (isAlive) await container.restart({ t: 0 }).catch(() => undefined);
  stream.destroy();
  return null;
}

async function exitCodeOf(exec: Exec): Promise<number | null> {
  return exec.inspect().then(
    ({ ExitCode }) => ExitCode,
    () => null,
  );
}

async function sweep(container: Container, mark: string): Promise<void> {
  const stream = await container
    .exec({
      AttachStdin: false,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      Cmd: ['/bin/sh', '-c', SWEEP, 'sh', mark],
      Env: [],
      WorkingDir: '/',
    })
    .then((exec) => exec.start({}));
  stream.on('error', () => undefined).resume();
  await new Promise<void>((resolve) => stream.once('close', resolve).once('end', resolve));
}

/** Waits no longer than that, whatever comes of it. */
async function within(ms: number, clock: Clock, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const stopTimer = clock.after(ms, late.resolve);
  await Promise.race([work.catch(() => undefined), late.promise]);
  stopTimer();
}
