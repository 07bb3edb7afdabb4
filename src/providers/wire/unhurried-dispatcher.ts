/** Where Node keeps the connection pool of its built-in `fetch`. */
const POOL = Symbol.for('undici.globalDispatcher.1');

interface Dispatcher {
  dispatch(options: object, handler: object): boolean;
}

/**
 * Node's `fetch` gives up after 300 seconds without headers or body. A local model may think longer than that before
 * its first token, and silence is watched by the idle watchdog anyway. This dispatcher is Node's own pool with both
 * limits off; undefined where Node keeps its pool elsewhere.
 */
export function unhurriedDispatcher(): Dispatcher | undefined {
  // Node creates the pool when the first class of its fetch is used.
  new Headers();
  const pool = (globalThis as Record<symbol, unknown>)[POOL] as Dispatcher | undefined;
  if (typeof pool?.dispatch !== 'function') return undefined;
  return { dispatch: (options, handler) => pool.dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, handler) };
}
