import type { Server } from 'node:http';
import type { Surroundings } from '../api/surroundings.ts';
import { EXIT, MassgenError } from '../platform/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { runsFolder } from '../platform/paths.ts';
import { RunPool } from './run-pool.ts';
import { RunningRuns } from './running-runs.ts';
import { createCatalogue } from './team-catalogue.ts';

export interface ServerOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** What clients must send as their API key. */
  token: string;
  configs: readonly string[];
  allowedFolders: readonly string[];
  maxRuns: number;
  surroundings: Surroundings;
  clock: Clock;
  onProblem: (message: string) => void;
  onBug: (error: unknown) => void;
}

export interface RunningServer {
  /** Base address for clients, e.g. `http://127.0.0.1:8788/v1`. */
  readonly url: string;
  /** Runs going on now. */
  readonly running: number;
  /**
   * Takes no more requests, lets the runs go on for `graceMs` and cancels what is left of them then. Resolves when
   * nothing is open any more. Never rejects.
   */
  close(graceMs: number): Promise<void>;
}

/** A question with its history; pictures are not supported, so nothing honest is larger. */
const MAX_BODY_BYTES = 4_000_000;

/** Listens and answers. Rejects with a MassgenError when the address is taken, or a config is not there. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, port, token, configs, allowedFolders, maxRuns, clock, onProblem, onBug } = options;
  // Part of the variables whose values are never logged.
  const surroundings: Surroundings = {
    ...options.surroundings,
    env: { ...options.surroundings.env, MASSGEN_SERVER_TOKEN: token },
  };
  const catalogue = await createCatalogue({ surroundings, configs, allowedFolders });
  const pool = new RunPool(maxRuns);
  const [{ createAdaptorServer }, { createApp }] = await Promise.all([import('@hono/node-server'), import('./app.ts')]);
  const app = createApp({
    catalogue,
    pool,
    running: new RunningRuns(),
    surroundings,
    runsDir: runsFolder(surroundings.cwd),
    clock,
    onProblem,
    onBug,
    token,
    maxBodyBytes: MAX_BODY_BYTES,
  });
  const server = createAdaptorServer({
    fetch: (request, env) => app.fetch(request, env),
    overrideGlobalObjects: false,
  }) as Server;
  const address = await listen(server, host, port);

  return {
    url: `http://${address}/v1`,
    get running() {
      return pool.running;
    },
    close: async (graceMs) => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      const stopTimer = clock.after(graceMs, () => pool.cancelAll());
      await pool.close();
      stopTimer();
      // An answer that is just being sent gets there; a client that does not take it is not waited for.
      const cutOff = clock.after(FAREWELL_MS, () => server.closeAllConnections());
      const stopSweeping = sweepIdle(server, clock);
      await closed;
      stopSweeping();
      cutOff();
    },
  };
}

const FAREWELL_MS = 1_000;
const SWEEP_MS = 20;

/** Clients keep connections open for their next request; these are closed as soon as the last answer is sent. */
function sweepIdle(server: Server, clock: Clock): () => void {
  let stop = (): void => undefined;
  const sweep = (): void => {
    server.closeIdleConnections();
    stop = clock.after(SWEEP_MS, sweep);
  };
  sweep();
  return () => stop();
}

/** Resolves with the address as it stands in a URL. */
function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = 'code' in error ? String(error.code) : error.message;
      const hint =
        code === 'EADDRINUSE' ? 'Something else listens there; choose another --port.' : 'Check --host and --port.';
      const message = `The server cannot listen on ${host} port ${port} (${code}). ${hint}`;
      reject(new MassgenError('cannot-listen', message, { exitCode: EXIT.config, cause: error }));
    });
    server.listen(port, host, () => {
      const bound = server.address();
      const at = typeof bound === 'object' && bound !== null ? bound.port : port;
      resolve(`${host.includes(':') ? `[${host}]` : host}:${at}`);
    });
  });
}
