import { spawn } from '@lydell/node-pty';
import type { Terminal } from '@xterm/headless';
import { createEmulator, emulatorText } from '../screens/emulator.ts';

/** A shell in a real pty, with an emulator as its terminal. */
export interface ShellScreen {
  readonly terminal: Terminal;
  write(text: string): void;
  /** Rows as text, without blanks at their ends. Everything that has come is on the screen first. */
  text(): Promise<string[]>;
  /** Resolves at the next output, or after `ms`. */
  change(ms: number): Promise<'output' | 'quiet'>;
  /** Ends the shell and what runs in it. */
  close(): Promise<void>;
}

export interface ShellOptions {
  cols: number;
  rows: number;
  cwd: string;
  env: Record<string, string>;
}

/** The shell that VHS uses too: no profile, no history, a prompt that ends in `>`. */
export function openShell({ cols, rows, cwd, env }: ShellOptions): ShellScreen {
  const pty = spawn('bash', ['--noprofile', '--norc', '+o', 'history'], {
    cols,
    rows,
    cwd,
    env,
    name: 'xterm-256color',
  });
  const terminal = createEmulator(cols, rows);
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  pty.onData((data) => terminal.write(data, tell));
  terminal.onData((data) => pty.write(data));
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    pty.onExit(() => {
      isGone = true;
      resolve();
    });
  });
  return {
    terminal,
    write: (text) => pty.write(text),
    text: async () => {
      await new Promise<void>((resolve) => terminal.write('', resolve));
      return emulatorText(terminal).map((row) => row.trimEnd());
    },
    change: (ms) =>
      new Promise((resolve) => {
        const end = (how: 'output' | 'quiet'): void => {
          clearTimeout(timer);
          listeners.delete(onOutput);
          resolve(how);
        };
        const onOutput = (): void => end('output');
        const timer = setTimeout(() => end('quiet'), ms);
        listeners.add(onOutput);
      }),
    close: async () => {
      // The hang-up reaches the program in the foreground as well, which gives its terminal back and goes.
      if (!isGone) pty.kill('SIGHUP');
      const late = setTimeout(() => pty.kill('SIGKILL'), 3000);
      await gone;
      clearTimeout(late);
      terminal.dispose();
    },
  };
}
