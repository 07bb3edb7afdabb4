import type Docker from 'dockerode';
import type { EngineInfo } from 'dockerode';
import type { Clock } from '../../platform/clock.ts';
import { findDocker, START, type DockerPlace, type DockerSurroundings } from './find-docker.ts';

export type Engine = Docker;

const ANSWER_MS = 5_000;

export interface FoundEngine {
  engine: Engine;
  place: DockerPlace;
  info: EngineInfo;
  /** Why those that were looked for before are not it, in sentences. */
  refused: string[];
}

/** The first engine that answers, or why none does, in sentences for people. Never rejects. */
export async function findEngine(surroundings: DockerSurroundings, clock: Clock): Promise<FoundEngine | string> {
  const places = await findDocker(surroundings);
  if (typeof places === 'string') return places;
  const refused: string[] = [];
  for (const place of places) {
    const found = await askEngine(place, clock);
    if (typeof found !== 'string') return { ...found, place, refused };
    refused.push(found);
  }
  return refused.join(' ');
}

/** The engine there and what it says of itself, or a sentence why it does not. Never rejects. */
async function askEngine(place: DockerPlace, clock: Clock): Promise<{ engine: Engine; info: EngineInfo } | string> {
  const late = new AbortController();
  const stopTimer = clock.after(ANSWER_MS, () => late.abort(new Error('late')));
  try {
    const engine = await openEngine(place);
    return { engine, info: await engine.info({ abortSignal: late.signal }) };
  } catch (error) {
    const why = late.signal.aborted ? 'it did not answer in time' : engineFault(error);
    return `The Docker engine at ${place.address} cannot be used (${why}): ${adviceFor(why, place)}`;
  } finally {
    stopTimer();
  }
}

/** A client of the engine there; nothing is sent yet. Everything is said, so that no variable of this process plays a part. */
async function openEngine(place: DockerPlace): Promise<Engine> {
  const { default: Client } = await import('dockerode');
  const none = { pathPrefix: undefined, timeout: undefined, ca: undefined, cert: undefined, key: undefined };
  if ('socketPath' in place) {
    return new Client({ ...none, socketPath: place.socketPath, host: undefined, port: undefined, protocol: 'http' });
  }
  const { host, port, tls } = place;
  const keys = { ca: tls?.ca ?? undefined, cert: tls?.cert ?? undefined, key: tls?.key ?? undefined };
  return new Client({ ...none, ...keys, socketPath: undefined, host, port, protocol: tls ? 'https' : 'http' });
}

function adviceFor(why: string, place: DockerPlace): string {
  if (/EACCES|EPERM/.test(why)) {
    return 'your user may not use it: add it to the group docker, or use rootless Docker.';
  }
  const isEncrypted = 'tls' in place && place.tls !== null;
  if (isEncrypted && /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|SSL|EPROTO/.test(why)) {
    return 'its certificate and yours (ca.pem, cert.pem, key.pem in DOCKER_CERT_PATH, or of the context) do not fit.';
  }
  if ('tls' in place && !isEncrypted && /HTTPS server|ECONNRESET|Parse Error|HPE_/.test(why)) {
    return 'it may want an encrypted connection: set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH.';
  }
  return START;
}

/** What the engine or the system said, in one line. */
export function engineFault(error: unknown): string {
  if (!(error instanceof Error)) return 'for an unknown reason';
  if ('code' in error && typeof error.code === 'string') return error.code;
  const said = 'json' in error ? saidIn(error.json) : null;
  const plain = said ?? error.message.replace(/^\(HTTP code \d+\) [\w /]* - /, '');
  return plain.replaceAll(/\s+/g, ' ').trim().slice(0, 300).toWellFormed();
}

/** The engine's own status for a request that it refused; null when it was no such answer. */
export function statusOf(error: unknown): number | null {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : null;
}

function saidIn(json: unknown): string | null {
  if (typeof json !== 'object' || json === null || !('message' in json)) return null;
  return typeof json.message === 'string' ? json.message : null;
}
