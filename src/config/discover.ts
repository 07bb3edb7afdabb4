import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, isAbsolute, join, resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { EXIT, MassgenError } from '../platform/errors.ts';
import type { ExamplePlaces } from './massgen-examples.ts';
import { printable } from './printable.ts';

/** Where configs are looked for. */
export type Places = ExamplePlaces;

/** A config file for a picker. */
export interface ConfigFile {
  /** Absolute. */
  path: string;
  /** The file's name without its ending. */
  name: string;
  /** `user`: the user's own teams; `project`: `.massgen` of this folder; `folder`: this folder. */
  origin: 'user' | 'project' | 'folder';
}

const ENDINGS = ['.yaml', '.yml', '.json'];

/** YAML files that are something else, by their names. */
const OTHER_TOOLS =
  /docker-compose|compose\.ya?ml|pre-commit|readthedocs|ansible|kubernetes|mkdocs|pnpm-|\.github|dependabot/i;

function userFolder(home: string): string {
  return join(home, '.config', 'massgen');
}

/** The config that is used when none is named: this folder's, else the user's; null if there is none. */
export async function findDefaultConfig({ cwd, home }: Places): Promise<string | null> {
  for (const path of [join(cwd, '.massgen', 'config.yaml'), join(userFolder(home), 'config.yaml')]) {
    if (await isFile(path)) return path;
  }
  return null;
}

/**
 * The file behind `--config NAME`: a path (`~` is the home folder), the name of one of the user's own teams, or one of
 * MassGen's examples. Throws a MassgenError that names the places and the nearest name.
 */
export async function findConfig(name: string, places: Places): Promise<string> {
  if (name.startsWith('@examples/')) {
    const { findExample } = await import('./massgen-examples.ts');
    return findExample(name, places);
  }
  const { cwd, home } = places;
  const plain = name.startsWith('~/') ? join(home, name.slice(2)) : name;
  const asPath = isAbsolute(plain) ? plain : resolve(cwd, plain);
  const own = join(userFolder(home), 'agents', plain);
  for (const path of [asPath, own, ...ENDINGS.map((ending) => own + ending)]) if (await isFile(path)) return path;
  throw new MassgenError('config-not-found', await notFound(name, places), { exitCode: EXIT.config });
}

async function notFound(name: string, places: Places): Promise<string> {
  const files = await listConfigs(places);
  const names = files.map((file) => file.name);
  const wanted = basename(name, extname(name));
  const near = names.length > 0 && wanted !== '' ? closest(wanted, names) : null;
  const path = files.find((file) => file.name === near)?.path ?? null;
  const hint = path === null ? '' : ` The nearest one there is: ${printable(path, 300)}.`;
  const shown = printable(name, 300);
  return `There is no config ${shown}: looked for it as a path and in ~/.config/massgen/agents.${hint}`;
}

/** The user's and this project's config files, sorted by place and name. Never throws; folders that cannot be read are empty. */
export async function listConfigs({ cwd, home }: Places): Promise<ConfigFile[]> {
  const user = userFolder(home);
  const groups = await Promise.all([
    listFolder(join(user, 'agents'), 'user'),
    listFolder(user, 'user'),
    listFolder(join(cwd, '.massgen'), 'project'),
    listFolder(cwd, 'folder'),
  ]);
  return groups.flat();
}

async function listFolder(folder: string, origin: ConfigFile['origin']): Promise<ConfigFile[]> {
  const endings = origin === 'folder' ? ENDINGS.slice(0, 2) : ENDINGS;
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => !entry.isDirectory() && endings.includes(extname(entry.name).toLowerCase()))
    .filter((entry) => !entry.name.startsWith('.') && !OTHER_TOOLS.test(entry.name))
    .map((entry) => ({ path: join(folder, entry.name), name: basename(entry.name, extname(entry.name)), origin }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
