import { spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** Where `mkfifo` is; never a folder that a command can write to. */
const PATH = '/usr/bin:/bin:/run/current-system/sw/bin';

/** The outputs of a program that is about to be started. */
export interface OutputPipes {
  /** Its ends of them. */
  readonly given: readonly [stdout: number, stderr: number];
  readonly outputs: readonly [stdout: Readable, stderr: Readable];
  /** To be called once it has its ends: as long as they are open here, too, the outputs do not end. */
  closeGiven(): void;
}

/**
 * Pipes for the outputs of a program. What Node itself gives its children are sockets, and on Linux nobody can open these by
 * name: `echo x > /dev/stderr` and `tee /dev/stdout` would fail. Null elsewhere, and where none can be made. Never rejects.
 */
export async function openOutputPipes(): Promise<OutputPipes | null> {
  if (process.platform !== 'linux') return null;
  const folder = await mkdtemp(join(tmpdir(), 'massgen-pipes-')).catch(() => null);
  if (folder === null) return null;
  const names = [join(folder, 'stdout'), join(folder, 'stderr')] as const;
  const opened: number[] = [];
  try {
    if (!(await makePipes(names))) return null;
    const [stdout, stderr] = [openEnds(names[0], opened), openEnds(names[1], opened)];
    return {
      given: [stdout.write, stderr.write],
      outputs: [outputOf(stdout), outputOf(stderr)],
      closeGiven: () => [stdout.write, stderr.write].forEach((end) => closeSync(end)),
    };
  } catch {
    for (const end of opened) closeSync(end);
    return null;
  } finally {
    // Who has an end needs no name for it, and nobody else is to find one.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function makePipes(names: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const maker = spawn('mkfifo', ['-m', '600', ...names], { cwd: '/', env: { PATH }, stdio: 'ignore' });
    maker.once('error', () => resolve(false));
    maker.once('exit', (code) => resolve(code === 0));
  });
}

interface Ends {
  read: number;
  write: number;
}

/** One end alone would wait for the other; who opens both at once does not, and neither does who comes after that. */
function openEnds(name: string, opened: number[]): Ends {
  const both = openSync(name, constants.O_RDWR);
  try {
    const read = openSync(name, constants.O_RDONLY);
    opened.push(read);
    const write = openSync(name, constants.O_WRONLY);
    opened.push(write);
    return { read, write };
  } finally {
    closeSync(both);
  }
}

function outputOf({ read }: Ends): Readable {
  return new Socket({ fd: read, readable: true, writable: false }).on('error', () => undefined);
}
