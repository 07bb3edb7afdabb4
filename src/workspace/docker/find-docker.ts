import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface DockerPlace {
  /** A Unix socket, or a named pipe of Windows. */
  socketPath: string;
}

export interface DockerSurroundings {
  variables: Readonly<Record<string, string | undefined>>;
  /** The user's home folder; null where none is known. */
  home: string | null;
}

/**
 * Where the Docker engine of this machine listens: as `DOCKER_HOST` says, else the context that the `docker` command uses,
 * else the first usual place that is there. Resolves with a sentence for people where there is none. Never rejects.
 */
export async function findDocker({ variables, home }: DockerSurroundings): Promise<DockerPlace | string> {
  const named = variables['DOCKER_HOST']?.trim() ?? '';
  if (named !== '') return placeOf(named, 'DOCKER_HOST');
  const context = home === null ? null : await contextOf(join(home, '.docker'), variables['DOCKER_CONTEXT']);
  if (context !== null) return placeOf(context, 'The current context of docker');
  for (const socketPath of usualPlaces(home, variables['XDG_RUNTIME_DIR'])) {
    if (await isThere(socketPath)) return { socketPath };
  }
  return `There is no Docker engine on this machine: ${START}`;
}

/** What to do where no engine answers. */
export const START = 'install Docker (https://docs.docker.com/engine/install) and start it, or set DOCKER_HOST.';

function placeOf(address: string, from: string): DockerPlace | string {
  const [, scheme = '', path = ''] = /^(\w+):\/\/(.*)$/s.exec(address) ?? [];
  if (scheme === 'unix') return { socketPath: path === '' ? '/var/run/docker.sock' : path };
  if (scheme === 'npipe') return { socketPath: path === '' ? '//./pipe/docker_engine' : path };
  return `${from} leads to an engine that is reached by ${scheme || 'an address without a scheme'}. Containers share folders with this machine, so an engine of this machine is needed: unix:///path/of/docker.sock.`;
}

function usualPlaces(home: string | null, runtime: string | undefined): string[] {
  if (process.platform === 'win32') return ['//./pipe/docker_engine'];
  const own = home === null ? [] : [join(home, '.docker/run/docker.sock'), join(home, '.docker/desktop/docker.sock')];
  return ['/var/run/docker.sock', ...(runtime === undefined ? [] : [join(runtime, 'docker.sock')]), ...own];
}

/** The address of the context in use; null for the default one, and for what cannot be read. */
async function contextOf(folder: string, wanted: string | undefined): Promise<string | null> {
  try {
    const settings = wanted ? null : parsed(await readFile(join(folder, 'config.json'), 'utf8'));
    const name = wanted ?? textAt(settings, 'currentContext');
    if (name === null || name === '' || name === 'default') return null;
    const id = createHash('sha256').update(name).digest('hex');
    const meta = parsed(await readFile(join(folder, 'contexts/meta', id, 'meta.json'), 'utf8'));
    return textAt(meta, 'Endpoints', 'docker', 'Host');
  } catch {
    return null;
  }
}

function parsed(text: string): unknown {
  return JSON.parse(text);
}

function textAt(value: unknown, ...names: string[]): string | null {
  let here = value;
  for (const name of names) {
    if (typeof here !== 'object' || here === null) return null;
    here = (here as Record<string, unknown>)[name];
  }
  return typeof here === 'string' ? here : null;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
