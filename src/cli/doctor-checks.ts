import { constants } from 'node:fs';
import { access, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { BACKEND_TYPES, type BackendType } from '../config/catalogue.ts';
import type { LoadedEnv } from '../config/env.ts';
import type { Environment } from '../platform/environment.ts';

/** One line of the doctor. `broken` is something that is needed; `missing` something that may well be. */
export interface Check {
  name: string;
  state: 'ok' | 'missing' | 'broken';
  /** What was found, or what to do. */
  detail: string;
}

/** The oldest Node.js that this program runs on, as in package.json. */
const OLDEST_NODE = [22, 18] as const;

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [wantedMajor, wantedMinor] = OLDEST_NODE;
  const isNew = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  const detail = isNew ? version : `${version} is too old: install Node.js ${OLDEST_NODE.join('.')} or newer`;
  return { name: 'Node.js', state: isNew ? 'ok' : 'broken', detail };
}

export function checkTerminal({ terminal }: Environment): Check {
  const { term, columns, rows, isUtf8, isRemote, noColor, stdin, stdout } = terminal;
  const facts = [
    `TERM=${term ?? 'unset'}`,
    columns !== null && rows !== null ? `${columns}×${rows}` : 'no size',
    isUtf8 ? 'UTF-8' : 'no UTF-8 (use --ascii)',
    isRemote && 'over SSH',
    noColor && 'NO_COLOR',
  ].filter(Boolean);
  if (!stdin || !stdout) facts.push('not interactive here');
  return { name: 'terminal', state: term === 'dumb' || !isUtf8 ? 'missing' : 'ok', detail: facts.join(', ') };
}

/** One check per vendor whose key is there, by the variable's name; one for all if there is none. */
export function checkKeys({ env, sources, places }: LoadedEnv): Check[] {
  const vendors = BACKEND_TYPES.filter(({ keyNeed, protocol }) => keyNeed === 'required' && protocol !== null);
  const found = vendors.flatMap((type): Check[] => {
    const variable = type.keyVariables.find((name) => (env[name]?.trim() ?? '') !== '');
    if (variable === undefined) return [];
    return [
      { name: `key of ${type.label}`, state: 'ok', detail: `${variable} from ${sources[variable] ?? 'the shell'}` },
    ];
  });
  if (found.length > 0) return found;
  const detail = `none found (looked in ${places.join(', ')}); massgen --demo and local servers need none`;
  return [{ name: 'keys', state: 'missing', detail }];
}

/** Asks each kind of local server at its usual address; `probe` as in config/probe-models.ts. */
export async function checkLocalServers(probe: (url: string) => Promise<string[] | null>): Promise<Check[]> {
  const types = BACKEND_TYPES.filter((type) => type.keyNeed === 'placeholder' && type.baseUrl !== null);
  return Promise.all(types.map((type) => checkServer(type, probe)));
}

async function checkServer(type: BackendType, probe: (url: string) => Promise<string[] | null>): Promise<Check> {
  const models = await probe(`${type.baseUrl}/models`);
  const name = `${type.label} server`;
  if (models === null) return { name, state: 'missing', detail: `nobody answers at ${type.baseUrl}` };
  const shown = models.slice(0, 5).join(', ') + (models.length > 5 ? ', …' : '');
  return { name, state: 'ok', detail: `${type.baseUrl} has ${models.length} models: ${shown}` };
}

/** Copies of the user's folders that a crash has left behind; none is nothing to tell. */
export async function checkLeftCopies(folder: string): Promise<Check[]> {
  const { findLeftCopies } = await import('../engine/left-copies.ts');
  const { resumable, useless } = await findLeftCopies(folder);
  const checks: Check[] = [];
  if (resumable.length > 0)
    checks.push({
      name: 'copies of folders',
      state: 'missing',
      detail: `runs that were cut off still have theirs: massgen resume goes on with ${resumable.join(', ')}; else remove them from ${folder}`,
    });
  if (useless.length > 0)
    checks.push({
      name: 'copies of folders',
      state: 'missing',
      detail: `${useless.join(', ')} in ${folder} are left over; the next run with write_mode removes them`,
    });
  return checks;
}

/** Writes and removes a file where runs are kept, without leaving a folder behind that was not there. */
export async function checkFolder(path: string): Promise<Check> {
  const name = 'runs folder';
  const created = await firstMissing(path);
  try {
    await mkdir(path, { recursive: true });
    const file = join(path, '.doctor');
    await writeFile(file, '');
    await rm(file);
    return { name, state: 'ok', detail: path };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { name, state: 'broken', detail: `${path} cannot be written (${code}): start in a folder of yours` };
  } finally {
    if (created !== null) await rm(created, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** The outermost folder of a path that does not exist yet; null if all of it does. */
async function firstMissing(path: string): Promise<string | null> {
  let missing: string | null = null;
  for (let folder = path; ; folder = dirname(folder)) {
    if (await isThere(folder)) return missing;
    missing = folder;
    if (dirname(folder) === folder) return null;
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

const PROGRAMS: readonly (readonly [name: string, purpose: string])[] = [
  ['git', 'gives every agent a worktree of your project (write_mode)'],
  ['rg', 'searches files fast'],
];

/** Looks for helpful programs in the search path; none of them is needed. */
export async function checkPrograms(searchPath: string): Promise<Check[]> {
  return Promise.all(
    PROGRAMS.map(async ([name, purpose]): Promise<Check> => {
      const path = await findProgram(name, searchPath);
      if (path !== null) return { name, state: 'ok', detail: path };
      return { name, state: 'missing', detail: `not found; it ${purpose}` };
    }),
  );
}

/** Where a program lies; one that is named by a path is looked for there alone. Null when it is nowhere. */
export async function findProgram(name: string, searchPath: string): Promise<string | null> {
  if (name.includes('/')) return (await isProgram(name)) ? name : null;
  for (const folder of searchPath.split(delimiter).filter((part) => part !== '')) {
    const path = join(folder, name);
    if (await isProgram(path)) return path;
  }
  return null;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
