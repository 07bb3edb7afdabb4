import { createHash } from 'node:crypto';
import type { DockerNeeds } from '../../config/tool-needs.ts';
import type { Clock } from '../../platform/clock.ts';
import { randomHex } from '../../platform/entropy.ts';
import { runInContainer } from './container-exec.ts';
import { createBody } from './container-plan.ts';
import { engineFault, type Engine } from './engine.ts';
import { findImage, type FoundImage } from './images.ts';
import { containerLabels } from './left-containers.ts';

export type Packages = DockerNeeds['packages'];

const REPOSITORY = 'massgen-packages';
/** For each kind of package. */
const INSTALL_MS = 600_000;

interface Building {
  work: Promise<string>;
  stop: AbortController;
  waiting: number;
}

/** Agents of one program that want the same packages wait for one another. */
const underWay = new Map<string, Building>();

/**
 * The name of an image in which the packages are installed. It is made once, in a container with a network and without
 * any file or variable of this machine, and kept for later runs. Rejects with a sentence for people, or when `signal` ends
 * the wait; the work ends with the last one who waits for it, and is cleared away then.
 */
export async function imageWithPackages(
  engine: Engine,
  base: FoundImage,
  packages: Packages,
  clock: Clock,
  onProgress: (message: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const mark = createHash('sha256')
    .update(JSON.stringify([base.id, packages]))
    .digest('hex')
    .slice(0, 16);
  const name = `${REPOSITORY}:${mark}`;
  if (await findImage(engine, name)) return name;
  const known = underWay.get(name);
  // One that everybody has left is being cleared away.
  if (known && !known.stop.signal.aborted) return waitFor(known, signal);
  const stop = new AbortController();
  const work = build(engine, base, packages, name, clock, onProgress, stop.signal).finally(() => {
    if (underWay.get(name) === begun) underWay.delete(name);
  });
  const begun: Building = { work, stop, waiting: 0 };
  underWay.set(name, begun);
  return waitFor(begun, signal);
}

async function waitFor(building: Building, signal: AbortSignal): Promise<string> {
  building.waiting += 1;
  const left = Promise.withResolvers<never>();
  const leave = (): void => {
    building.waiting -= 1;
    if (building.waiting === 0) building.stop.abort(signal.reason);
    else left.reject(signal.reason as Error);
  };
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    return await Promise.race([building.work, left.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

export function hasPackages({ python, npm, system }: Packages): boolean {
  return python.length + npm.length + system.length > 0;
}

async function build(
  engine: Engine,
  base: FoundImage,
  packages: Packages,
  name: string,
  clock: Clock,
  onProgress: (message: string) => void,
  stop: AbortSignal,
): Promise<string> {
  const body = createBody({
    image: base.id,
    user: '0:0',
    memoryBytes: 4 * 1024 ** 3,
    cpus: null,
    network: 'bridge',
    hasSudo: true,
    mounts: [],
    scratch: [],
    labels: { ...containerLabels('packages', 'packages'), 'massgen.packages': name },
  });
  const container = await engine
    .createContainer({ _query: { name: `massgen-packages-${randomHex(4)}` }, _body: body })
    .catch((error: unknown) => fail(`no container could be made: ${engineFault(error)}`));
  try {
    await container.start();
    for (const { what, command } of installCommands(packages)) {
      stop.throwIfAborted();
      onProgress(`Installing ${what}.`);
      const late = new AbortController();
      const stopTimer = clock.after(INSTALL_MS, () => late.abort(new Error('late')));
      const asked = {
        command,
        folder: '/',
        environment: ROOT,
        user: null,
        signal: AbortSignal.any([late.signal, stop]),
      };
      const { exitCode, stdout, stderr } = await runInContainer(container, asked, clock).finally(stopTimer);
      stop.throwIfAborted();
      if (late.signal.aborted) fail(`${what} took longer than ${INSTALL_MS / 1000} seconds`);
      if (exitCode !== 0) fail(`${what}: ${lastLine(stderr) || lastLine(stdout) || `exit code ${exitCode}`}`);
    }
    const [repo = '', tag = ''] = name.split(':');
    await container.commit({ repo, tag, changes: base.user === '' ? [] : [`USER ${base.user}`] });
    return name;
  } finally {
    await container.remove({ force: true, v: true }).catch(() => undefined);
  }
}

const ROOT = {
  HOME: '/root',
  LANG: 'C.UTF-8',
  PIP_NO_CACHE_DIR: '1',
  PIP_BREAK_SYSTEM_PACKAGES: '1',
  PIP_ROOT_USER_ACTION: 'ignore',
};

function installCommands({ python, npm, system }: Packages): { what: string; command: string }[] {
  const all: [string[], string, (names: string) => string][] = [
    [system, 'system packages', systemCommand],
    [python, 'Python packages', (names) => `python3 -m pip install --no-input --disable-pip-version-check ${names}`],
    [npm, 'npm packages', (names) => `npm install --global --no-fund --no-audit ${names}`],
  ];
  return all.flatMap(([names, kind, command]) => {
    if (names.length === 0) return [];
    const option = names.find((name) => name.startsWith('-'));
    if (option !== undefined) fail(`${option} is no name of a package`);
    return [{ what: `${kind} (${names.join(', ')})`, command: command(names.map(quoted).join(' ')) }];
  });
}

/** Root may do less here than elsewhere, so apt must not try to become somebody else. */
function systemCommand(names: string): string {
  const apt = 'apt-get -o APT::Sandbox::User=root';
  return [
    'if command -v apt-get >/dev/null; then',
    `  ${apt} update && DEBIAN_FRONTEND=noninteractive ${apt} install -y --no-install-recommends ${names}`,
    `elif command -v apk >/dev/null; then apk add --no-cache ${names}`,
    'else echo "The image has neither apt-get nor apk." >&2; exit 1; fi',
  ].join('\n');
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').slice(0, 300).toWellFormed();
}

function fail(why: string): never {
  throw new Error(`The packages of the container were not installed, and it works without them: ${why}.`);
}
