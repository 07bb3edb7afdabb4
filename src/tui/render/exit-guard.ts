/** The part of `process` that ways out go through. */
export interface ProcessLike {
  readonly pid: number;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  removeListener(event: string, listener: (...args: unknown[]) => void): unknown;
  kill(pid: number, signal: string): unknown;
  exit(code: number): void;
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131 } as const;
export type ExitSignal = keyof typeof EXIT_CODES;

export interface GuardHooks {
  /** Gives the terminal back. Called first on every way out; must not throw. */
  restore(): void;
  /** The terminal is ours again after a sleep. */
  resume(): void;
  /** True while another program has the terminal: Ctrl+C is meant for that one, and after a sleep it goes on. */
  isOutside?(): boolean;
  /** Ends the run before the process goes; may take a moment. Must not reject. */
  beforeExit(signal: ExitSignal): Promise<void>;
  /** The stack of a bug, on the normal screen. */
  report(error: unknown): void;
}

/**
 * Gives the terminal back on every way out that can be caught: exit, bugs, the four signals that end a process (with
 * 128 + number), and sleep. Returns the way to take the guard off.
 */
export function guardExits(target: ProcessLike, hooks: GuardHooks): { suspend: () => void; remove: () => void } {
  const listeners: [string, (...args: unknown[]) => void][] = [];
  const listen = (event: string, listener: (...args: unknown[]) => void): void => {
    listeners.push([event, listener]);
    target.on(event, listener);
  };
  const onBug = (error: unknown): void => {
    hooks.restore();
    hooks.report(error);
    target.exit(1);
  };
  listen('exit', () => hooks.restore());
  listen('uncaughtException', onBug);
  listen('unhandledRejection', onBug);
  let isLeaving = false;
  for (const signal of Object.keys(EXIT_CODES) as ExitSignal[]) {
    listen(signal, () => {
      if (signal === 'SIGINT' && hooks.isOutside?.()) return;
      hooks.restore();
      // A second signal does not wait for anything.
      if (isLeaving) return target.exit(EXIT_CODES[signal]);
      isLeaving = true;
      void hooks.beforeExit(signal).finally(() => target.exit(EXIT_CODES[signal]));
    });
  }
  listen('SIGTSTP', () => {
    hooks.restore();
    target.kill(target.pid, 'SIGSTOP');
  });
  // Who puts an editor to sleep puts us to sleep with it; awake, it still has the terminal.
  listen('SIGCONT', () => {
    if (!hooks.isOutside?.()) hooks.resume();
  });
  return {
    // The whole job sleeps, as it would if the terminal had seen the key.
    suspend: () => {
      hooks.restore();
      target.kill(0, 'SIGTSTP');
    },
    remove: () => {
      for (const [event, listener] of listeners) target.removeListener(event, listener);
    },
  };
}
