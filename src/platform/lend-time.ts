import type { Clock } from './clock.ts';

/** Waits for a person, from inside a busy section; see `Clock.attend`. Settles as the work does. */
export async function attendPerson<T>(clock: Clock, work: Promise<T>): Promise<T> {
  const back = clock.attend?.();
  return work.finally(() => back?.());
}

/**
 * Waits for something that others do, from inside a busy section: a paced clock lets time pass meanwhile, since whoever
 * waits is not at work. Settles as the work does.
 */
export async function lendTime<T>(clock: Clock, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  clock.sleep(Infinity, done.signal).catch(() => undefined);
  return work.finally(() => done.abort(new Error('Done.')));
}
