import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where an engine listens. */
export type DockerPlace = {
  /** As people name it. */
  address: string;
  /** Who says so: `DOCKER_HOST`, `context colima`; null for a usual place. */
  from: string | null;
} & ({ socketPath: string } | { host: string; port: number; tls: TlsKeys | null });

/** What is read from the files of these names; one that is not there is null. */
export type TlsKeys = Record<'ca' | 'cert' | 'key', Buffer | null>;

export interface DockerSurroundings {
  variables: Readonly<Record<string, string | undefined>>;
  /** The user's home folder; null where none is known. */
  home: string | null;
}

/**
 * Where a Docker engine may listen: as `DOCKER_HOST` says, else as the context says that the `docker` command uses, else
 * all usual places that are there, those of Podman last. Resolves with a sentence for people where there is none. Never
 * rejects.
 */
export async function findDocker({ variables, home }: DockerSurroundings): Promise<DockerPlace[] | string> {
  const folder = variables['DOCKER_CONFIG'] || (home === null ? null : join(home, '.docker'));
  const named = variables['DOCKER_HOST']?.trim() ?? '';
  const isTls = ['DOCKER_TLS_VERIFY', 'DOCKER_TLS'].some((name) => (variables[name] ?? '') !== '');
  const keys = { isTls, folder: variables['DOCKER_CERT_PATH'] || folder };
  if (named !== '') return oneOf(await placeOf(named, 'DOCKER_HOST', keys));
  const context = folder === null ? null : await contextOf(folder, variables['DOCKER_CONTEXT']);
  if (typeof context === 'string') return context;
  if (context) return oneOf(await placeOf(context.address, `the context ${context.name}`, context.keys));
  const places: DockerPlace[] = [];
  for (const socketPath of usualSockets({ variables, home })) {
    if (await isThere(socketPath)) places.push({ address: socketPath, from: null, socketPath });
  }
  return places.length > 0 ? places : `There is no Docker engine on this machine: ${START}`;
}

/** What to do where no engine answers. */
export const START = 'install Docker (https://docs.docker.com/engine/install) and start it, or set DOCKER_HOST.';

/** Where engines of this machine usually listen, whether they are there or not. */
export function usualSockets({ variables, home }: DockerSurroundings): string[] {
  if (process.platform === 'win32') return [PIPE];
  const runtime = variables['XDG_RUNTIME_DIR'] || null;
  const at = (folder: string | null, ...names: string[]): string[] =>
    folder === null ? [] : names.map((name) => join(folder, name));
  return [
    '/var/run/docker.sock',
    ...at(runtime, 'docker.sock'),
    ...at(home, '.docker/run/docker.sock', '.docker/desktop/docker.sock'),
    ...at(runtime, 'podman/podman.sock'),
    '/run/podman/podman.sock',
    ...at(home, '.local/share/containers/podman/machine/podman.sock'),
  ];
}

const PIPE = '//./pipe/docker_engine';

interface KeyPlace {
  folder: string | null;
  /** The connection is encrypted, even if the port and the scheme do not say so. */
  isTls: boolean;
}

async function placeOf(address: string, from: string, keys: KeyPlace): Promise<DockerPlace | string> {
  const [, scheme = 'tcp', path = ''] = /^(?:(\w+):\/\/)?(.*)$/s.exec(address) ?? [];
  const socket = (socketPath: string): DockerPlace => ({ address: socketPath, from, socketPath });
  switch (scheme) {
    case 'unix':
      return socket(path === '' ? '/var/run/docker.sock' : path);
    case 'npipe':
      if (process.platform === 'win32') return socket(path === '' ? PIPE : path);
      return `${sentenceStart(from)} names a pipe of Windows (${address}), which this system does not have. ${INSTEAD}`;
    case 'ssh':
      return `${sentenceStart(from)} leads to another machine (${address}), but containers share folders with this one. ${INSTEAD}`;
    case 'tcp':
    case 'http':
    case 'https':
      return tcpPlace(address, path, from, { ...keys, isTls: keys.isTls || scheme === 'https' });
    default:
      return `${sentenceStart(from)} leads to an engine that is reached by ${scheme}, which is not known here. ${INSTEAD}`;
  }
}

const INSTEAD = 'Use an engine of this machine: unix:///path/of/docker.sock, or tcp://localhost:2375.';

async function tcpPlace(
  address: string,
  path: string,
  from: string,
  { folder, isTls }: KeyPlace,
): Promise<DockerPlace | string> {
  const url = URL.parse(`http://${path}`);
  if (!url || url.hostname === '') return `${sentenceStart(from)} is no address of an engine: ${address}. ${INSTEAD}`;
  // The scheme that the address is read by leaves its own usual port out.
  const port = Number(url.port || (/:80(\/|$)/.test(path) ? 80 : isTls ? 2376 : 2375));
  const place = { address: `tcp://${url.hostname}:${port}`, from, host: url.hostname.replace(/^\[|\]$/g, ''), port };
  if (!isTls) return { ...place, tls: null };
  const read = (name: string): Promise<Buffer | null> =>
    folder === null ? Promise.resolve(null) : readFile(join(folder, name)).catch(() => null);
  const [ca, cert, key] = await Promise.all(['ca.pem', 'cert.pem', 'key.pem'].map(read));
  if ((cert === null) !== (key === null)) {
    return `${sentenceStart(from)} asks for an encrypted connection, for which ${folder ?? 'no folder'} holds one of cert.pem and key.pem only. Set DOCKER_CERT_PATH to the folder of both.`;
  }
  return { ...place, tls: { ca: ca ?? null, cert: cert ?? null, key: key ?? null } };
}

function oneOf(place: DockerPlace | string): DockerPlace[] | string {
  return typeof place === 'string' ? place : [place];
}

function sentenceStart(from: string): string {
  return `${from.slice(0, 1).toUpperCase()}${from.slice(1)}`;
}

/** The context in use; null for the default one, a sentence for one that cannot be read. */
async function contextOf(
  folder: string,
  wanted: string | undefined,
): Promise<{ name: string; address: string; keys: KeyPlace } | string | null> {
  const settings = wanted ? null : await parsed(join(folder, 'config.json'));
  const name = wanted || textAt(settings, 'currentContext');
  if (name === null || name === '' || name === 'default') return null;
  const id = createHash('sha256').update(name).digest('hex');
  const address = textAt(await parsed(join(folder, 'contexts/meta', id, 'meta.json')), 'Endpoints', 'docker', 'Host');
  if (address === null) {
    return `The context ${name} of the docker command has no engine that could be read. "docker context ls" lists those there are; "docker context use default" goes back to the usual one.`;
  }
  const certs = join(folder, 'contexts/tls', id, 'docker');
  return { name, address, keys: { folder: certs, isTls: await isThere(certs) } };
}

/** Null for what cannot be read. */
async function parsed(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return null;
  }
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
