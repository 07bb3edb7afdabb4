import { AsyncLocalStorage } from 'node:async_hooks';
import { format } from 'node:util';

/** Takes what a module writes to the console. */
type Listener = (words: string) => void;

const listeners = new AsyncLocalStorage<Listener>();
let isInstalled = false;

/**
 * Runs work of a module of the user's, and gives all that it writes to the console, also later, to a listener: it would
 * be written over the screen, or into the answer on stdout. The console of all others stays as it is.
 */
export function hearConsole<T>(listener: Listener, work: () => T): T {
  if (!isInstalled) install();
  isInstalled = true;
  return listeners.run(listener, work);
}

function install(): void {
  const target = globalThis.console;
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table', 'group'] as const) {
    const loud = target[name].bind(target) as (...args: unknown[]) => void;
    target[name] = (...args: unknown[]): void => {
      const listener = listeners.getStore();
      if (listener) listener(format(...args));
      else loud(...args);
    };
  }
}
