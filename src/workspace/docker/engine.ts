import type Docker from 'dockerode';
import type { EngineInfo } from 'dockerode';
import type { Clock } from '../../platform/clock.ts';
import { START, type DockerPlace } from './find-docker.ts';

export type Engine = Docker;

const ANSWER_MS = 5_000;

/** A client of the engine there; nothing is sent yet. */
export async function openEngine({ socketPath }: DockerPlace): Promise<Engine> {
  const { default: Client } = await import('dockerode');
  // Said in full, so that no variable of this process plays a part.
  return new Client({ socketPath, host: undefined, protocol: 'http' });
}

/** What the engine says of itself, or a sentence why it does not. Never rejects. */
export async function askEngine(
  engine: Engine,
  { socketPath }: DockerPlace,
  clock: Clock,
): Promise<EngineInfo | string> {
  const late = new AbortController();
  const stopTimer = clock.after(ANSWER_MS, () => late.abort(new Error('late')));
  try {
    return await engine.info({ abortSignal: late.signal });
  } catch (error) {
    const why = late.signal.aborted ? 'it did not answer in time' : engineFault(error);
    const advice = /EACCES|EPERM/.test(why)
      ? 'your user may not use it: add it to the group docker, or use rootless Docker.'
      : START;
    return `The Docker engine at ${socketPath} cannot be used (${why}): ${advice}`;
  } finally {
    stopTimer();
  }
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
