import { lstat, readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, normalize, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { DockerNeeds } from '../../config/tool-needs.ts';
import { isSecretName } from '../../platform/secret-names.ts';
import { isWithin } from '../path-policy.ts';
import type { Mount } from './container-plan.ts';
import { usualSockets } from './find-docker.ts';

/** The home folder of commands in a container; the image of MassGen has one there. */
export const CONTAINER_HOME = '/home/massgen';

const CREDENTIALS: Readonly<Record<DockerNeeds['credentials'][number], string>> = {
  ssh_keys: '.ssh',
  git_config: '.gitconfig',
  gh_config: '.config/gh',
  npm_config: '.npmrc',
  pypi_config: '.pypirc',
};

/** What belongs to this machine or to the shell, and would only confuse another one. */
const OWN_NAME = /^(PATH|HOME|PWD|OLDPWD|SHELL|USER|LOGNAME|HOSTNAME|TMPDIR|TERM|SHLVL|_)$|^(XDG_|DOCKER_|LD_|DYLD_)/;

const SOCKETS = ['/run/docker.sock', '/var/run/docker.sock', '/run/containerd/containerd.sock'];

export interface Knowledge<T> {
  value: T;
  /** What is not there, in sentences. */
  problems: string[];
}

export interface KnowledgeSource {
  variables: Readonly<Record<string, string | undefined>>;
  home: string | null;
  /** Where relative paths of the config start. */
  cwd: string;
}

/**
 * The variables that a config gives to a container: a file's, named ones of this program's own, and, when all are asked
 * for, those whose names do not mean secrets. Nothing else gets in. Never rejects.
 */
export async function containerVariables(
  { variables: needs }: Pick<DockerNeeds, 'variables'>,
  { variables, cwd, home }: KnowledgeSource,
): Promise<Knowledge<Record<string, string>>> {
  const problems: string[] = [];
  const value: Record<string, string> = {};
  if (needs.all) {
    const names = Object.keys(variables).filter((name) => !OWN_NAME.test(name));
    const kept = names.filter((name) => isSecretName(name) && !needs.named.includes(name));
    for (const name of names) if (!kept.includes(name)) value[name] = variables[name] ?? '';
    if (kept.length > 0)
      problems.push(
        `pass_all_env leaves out ${kept.length} variables whose names mean secrets; env_vars passes single ones.`,
      );
  }
  if (needs.file !== null) {
    const path = atHome(needs.file, home, cwd);
    const read = await readFile(path, 'utf8').then(parseEnv, () => null);
    if (read === null) problems.push(`The env_file ${needs.file} of the container cannot be read.`);
    for (const [name, each] of Object.entries(read ?? {})) {
      if (each !== undefined && (needs.onlyOfFile?.includes(name) ?? true)) value[name] = each;
    }
  }
  for (const name of needs.named) {
    const each = variables[name];
    if (each === undefined) problems.push(`The variable ${name} that the container shall get is not set.`);
    else value[name] = each;
  }
  return { value, problems };
}

/** Credential files and further mounts. What is not there is told and left out. Never rejects. */
export async function containerMounts(
  { credentials, mounts }: Pick<DockerNeeds, 'credentials' | 'mounts'>,
  { home, cwd, variables }: KnowledgeSource,
): Promise<Knowledge<Mount[]>> {
  const sockets = [...SOCKETS, ...usualSockets({ variables, home })];
  const problems: string[] = [];
  const value: Mount[] = [];
  const wanted = [
    ...credentials.map((name) => {
      const path = CREDENTIALS[name];
      return { name, from: `~/${path}`, to: `${CONTAINER_HOME}/${path}`, isWritable: false };
    }),
    ...mounts.map((mount) => ({ ...mount, name: mount.from })),
  ];
  for (const { name, from, to, isWritable } of wanted) {
    const path = await realpath(atHome(from, home, cwd)).catch(() => null);
    const fault = path === null ? 'it is not there' : await faultOf(path, to, sockets);
    if (path === null || fault !== null) problems.push(`${name} is not mounted into the container: ${fault ?? ''}.`);
    else value.push({ kind: 'folder', path, to: normalize(to), isWritable });
  }
  return { value, problems };
}

/** Who gets at the engine, or at all files, is not in a container any more. */
async function faultOf(path: string, to: string, sockets: readonly string[]): Promise<string | null> {
  if (!isAbsolute(to) || normalize(to) === '/') return 'bind has to be an absolute path below /';
  if (path === '/') return 'that would be all files of this machine';
  const stats = await lstat(path);
  const isEngine = stats.isSocket() && /docker|containerd|podman/i.test(path);
  return isEngine || (await holdsSocket(path, sockets)) ? 'that would hand over the engine itself' : null;
}

/** One that is not there now may be there later, but not those that never were. */
async function holdsSocket(path: string, sockets: readonly string[]): Promise<boolean> {
  for (const socket of sockets) {
    const isSocket = await lstat(socket).then(
      (stats) => stats.isSocket(),
      () => SOCKETS.includes(socket),
    );
    if (isSocket && isWithin(path, socket)) return true;
  }
  return false;
}

function atHome(path: string, home: string | null, cwd: string): string {
  return /^~(\/|$)/.test(path) && home !== null ? join(home, path.slice(1)) : resolve(cwd, path);
}
