import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import { createEmulator, emulatorText } from '../screens/emulator.ts';

export const COLS = 200;
export const ROWS = 50;

/** A program on a real pty. Nothing is parsed while it runs: the reader must not take its processor time. */
export interface PtyRun {
  /** Everything it wrote so far. */
  raw(): string;
  /** Bytes so far. */
  bytes(): number;
  write(text: string): void;
  /** Stops reading for a while, as a terminal that hangs. */
  stall(ms: number): Promise<void>;
  /** Seconds of processor time so far, of the process alone. */
  cpuSeconds(): number;
  residentMb(): number;
  /** Resolves to the time when the output holds `text` after position `from`; NaN after `limitMs`. */
  until(text: string, from: number, limitMs: number): Promise<number>;
  /** What a terminal shows after all of it. */
  screen(): Promise<string[]>;
  /** Resolves with the program's end, or kills it after `limitMs`. */
  ended(limitMs: number): Promise<void>;
  kill(): Promise<void>;
}

/** Clock ticks per second in /proc: fixed at 100 for programs on Linux. */
const TICKS = 100;

export function runOnPty(
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
  size = { cols: COLS, rows: ROWS },
): PtyRun {
  const pty = spawn(process.execPath, [...args], {
    ...size,
    cwd,
    env: {
      ...process.env,
      HOME: cwd,
      XDG_CONFIG_HOME: `${cwd}/.config`,
      CI: '',
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
      ...env,
    } as Record<string, string>,
  });
  let raw = '';
  let bytes = 0;
  let isGone = false;
  const exited = new Promise<void>((resolve) => {
    pty.onExit(() => {
      isGone = true;
      resolve();
    });
  });
  const watchers = new Set<(data: string) => void>();
  pty.onData((data) => {
    raw += data;
    bytes += Buffer.byteLength(data);
    for (const watch of watchers) watch(data);
  });
  return {
    raw: () => raw,
    bytes: () => bytes,
    write: (text) => pty.write(text),
    stall: async (ms) => {
      pty.pause();
      await sleep(ms);
      pty.resume();
    },
    cpuSeconds: () => {
      const fields = readFileSync(`/proc/${pty.pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS;
    },
    residentMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pty.pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024,
    until: (text, from, limitMs) =>
      new Promise((resolve) => {
        const finish = (at: number): void => {
          watchers.delete(watch);
          clearTimeout(timer);
          resolve(at);
        };
        // Looked for in what came since `from` alone: going through all of it takes longer than what is timed.
        let since = raw.slice(from);
        const watch = (data: string): void => {
          since += data;
          if (since.includes(text)) finish(performance.now());
        };
        const timer = setTimeout(() => finish(NaN), limitMs);
        watchers.add(watch);
        watch('');
      }),
    screen: async () => {
      const terminal = createEmulator(size.cols, size.rows);
      await new Promise<void>((resolve) => terminal.write(raw, resolve));
      return emulatorText(terminal);
    },
    ended: async (limitMs) => {
      const timer = setTimeout(() => pty.kill('SIGKILL'), limitMs);
      await exited;
      clearTimeout(timer);
    },
    kill: async () => {
      if (!isGone) pty.kill('SIGKILL');
      await exited;
    },
  };
}
