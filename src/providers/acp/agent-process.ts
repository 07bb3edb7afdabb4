import { spawn } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import type { AcpSpec } from '../../config/external-agent.ts';
import type { Clock } from '../../platform/clock.ts';
import { AgentFailure } from '../external/agent-failure.ts';

/** A started program whose input and output carry the protocol. */
export interface AgentProcess {
  input: WritableStream<Uint8Array>;
  output: ReadableStream<Uint8Array>;
  /** Resolves with a sentence that says how it ended. */
  ended: Promise<string>;
  /** Stops it with everything that it has started. Resolves when it has ended. */
  stop(): Promise<void>;
}

/** How long a program may take to leave after it was asked to. */
const LEAVE_MS = 2_000;
/** How long after its end is waited for what it has written. */
const DRAIN_MS = 1_000;
const MAX_WORDS = 300;
const MAX_KEPT = 8_000;

/** Starts the program in a group of its own. Rejects with an AgentFailure that says how to install it. */
export function startAgentProcess(spec: AcpSpec, cwd: string, clock: Clock): Promise<AgentProcess> {
  const { command, args, env, name, install } = spec;
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-MAX_KEPT);
  });
  // A program that has gone cannot be written to; how it ended is told by `ended`.
  child.stdin.on('error', () => undefined);
  // Its number may be another program's then.
  let isOver = false;
  const kill = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined && !isOver) process.kill(-child.pid, signal);
    } catch {
      // All of it has ended already.
    }
  };
  const stopWatching = atExit(() => kill('SIGKILL'));
  const closed = Promise.withResolvers<string>();
  let cancelDrain = (): void => undefined;
  child.once('exit', () => {
    // What it has left behind goes with it. Whoever has left its group may hold its pipes open for ever.
    kill('SIGKILL');
    cancelDrain = clock.after(DRAIN_MS, () => {
      child.stdout.destroy();
      child.stderr.destroy();
    });
  });
  child.once('close', (code, signal) => {
    isOver = true;
    stopWatching();
    cancelDrain();
    const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    const said = lastLine(words);
    closed.resolve(`The agent ${name} ${how}.${said && ` It said: ${said}`}`);
  });
  const stop = async (): Promise<void> => {
    child.stdin.end();
    kill('SIGTERM');
    const cancel = clock.after(LEAVE_MS, () => kill('SIGKILL'));
    await closed.promise;
    cancel();
  };
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      stopWatching();
      const isMissing = 'code' in error && error.code === 'ENOENT';
      const why = isMissing ? `The program ${command} of the agent ${name} was not found.` : error.message;
      reject(new AgentFailure('bad-request', `${why} ${install}`, error));
    });
    child.once('spawn', () =>
      resolve({
        input: Writable.toWeb(child.stdin) as WritableStream<Uint8Array>,
        output: Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>,
        ended: closed.promise,
        stop,
      }),
    );
  });
}

/** What is left to do when this program ends. One listener for all, since Node warns of many over the screen. */
const lastDeeds = new Set<() => void>();
const doAll = (): void => {
  for (const deed of lastDeeds) deed();
};

/** Returns the way to cancel it. */
function atExit(deed: () => void): () => void {
  if (lastDeeds.size === 0) process.once('exit', doAll);
  lastDeeds.add(deed);
  return () => {
    lastDeeds.delete(deed);
    if (lastDeeds.size === 0) process.off('exit', doAll);
  };
}

function lastLine(words: string): string {
  const lines = words.split('\n').map((line) => line.replaceAll(/[\s\p{C}]+/gu, ' ').trim());
  const told = lines.findLast((line) => /error/i.test(line)) ?? lines.findLast(Boolean) ?? '';
  return told.slice(0, MAX_WORDS).toWellFormed();
}
