import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { EXIT, MassgenError } from '../platform/errors.ts';
import type { Environment } from './env.ts';
import { printable } from './printable.ts';

export interface ExamplePlaces {
  cwd: string;
  home: string;
  /** For the Python environment that is active. */
  env?: Environment;
  /** Where this machine's own Python keeps its packages; `/usr/local` if left out. */
  system?: string;
}

/** A config that comes with MassGen itself. */
export interface MassgenExample {
  /** Its path below MassGen's configs, with `/` and without its ending. */
  name: string;
  /** Absolute. */
  path: string;
}

const PREFIX = '@examples/';
/** So many names are told where a name fits several. */
const TOLD = 8;

/**
 * MassGen's own example configs, by name: of the nearest folder that has some. They are not part of this program and are
 * found where MassGen is cloned or installed. Throws a MassgenError that says where it looked when there are none.
 */
export async function listExamples(places: ExamplePlaces): Promise<{ folder: string; examples: MassgenExample[] }> {
  for await (const folder of exampleFolders(places)) {
    const examples = await examplesIn(folder);
    if (examples.length > 0) return { folder, examples };
  }
  throw new MassgenError(
    'no-examples',
    "MassGen's example configs are not on this machine. They come with MassGen itself: looked in ./massgen/configs, in " +
      '$VIRTUAL_ENV, $CONDA_PREFIX, ./.venv and ./venv, and where uv, pipx and pip install it. Install it there ' +
      '("pip install massgen"), or name a config file.',
    { exitCode: EXIT.config },
  );
}

/**
 * The file of `@examples/NAME`; the prefix may be left out. NAME is a path below MassGen's configs, with `/` or `_`
 * between folders, or as much of it as fits one file only. Throws a MassgenError that names what fits or is near.
 */
export async function findExample(given: string, places: ExamplePlaces): Promise<string> {
  const { folder, examples } = await listExamples(places);
  const fitting = fittingExamples(given, examples);
  const [only] = fitting;
  if (only && fitting.length === 1) return only.path;
  const shown = printable(given, 300);
  const told = fitting.slice(0, TOLD).map(({ name }) => `${PREFIX}${printable(name, 300)}`);
  const rest = fitting.length > TOLD ? ` and ${fitting.length - TOLD} more` : '';
  const names = examples.map(({ name }) => name);
  const file = basename(plainName(given));
  const near = names.find((name) => basename(name) === file) ?? closest(plainName(given), names);
  throw new MassgenError(
    'config-not-found',
    only
      ? `${shown} fits several of MassGen's examples: ${told.join(', ')}${rest}.`
      : `There is no ${shown} among MassGen's examples in ${printable(folder, 300)}. The nearest one is ` +
          `${PREFIX}${printable(near, 300)}; "massgen --list-examples" names them all.`,
    { exitCode: EXIT.config },
  );
}

/** The examples that a name fits best: its whole path, else its file's name, else a part of its path. */
function fittingExamples(given: string, examples: readonly MassgenExample[]): MassgenExample[] {
  const wanted = flat(plainName(given));
  const ways: ((example: string) => boolean)[] = [
    (example) => example === plainName(given),
    (example) => flat(example) === wanted,
    (example) => flat(basename(example)) === wanted,
    (example) => wanted !== '' && flat(example).includes(wanted),
  ];
  for (const fits of ways) {
    const found = examples.filter(({ name }) => fits(name));
    if (found.length > 0) return found;
  }
  return [];
}

/** MassGen's pages write `@examples/configs/NAME.yaml` too. */
function plainName(given: string): string {
  const name = (given.startsWith(PREFIX) ? given.slice(PREFIX.length) : given).replace(/^\/*(?:configs\/)?/, '');
  return name.replace(/\.(?:ya?ml|json)$/, '');
}

/** MassGen lists its examples with `_` between folders. */
function flat(name: string): string {
  return name.toLowerCase().replaceAll(/[/-]/g, '_');
}

/** Where MassGen's configs may be, the nearest first. */
async function* exampleFolders({ cwd, home, env = {}, system = '/usr/local' }: ExamplePlaces): AsyncGenerator<string> {
  yield join(cwd, 'massgen', 'configs');
  const prefixes = [
    ...[env['VIRTUAL_ENV'] ?? '', env['CONDA_PREFIX'] ?? ''].filter((folder) => folder !== ''),
    ...['.venv', 'venv'].map((name) => join(cwd, name)),
    ...[
      ['share', 'uv', 'tools', 'massgen'],
      ['share', 'pipx', 'venvs', 'massgen'],
      ['pipx', 'venvs', 'massgen'],
      [],
    ].map((rest) => join(home, '.local', ...rest)),
    system,
  ];
  for (const prefix of prefixes) {
    for (const lib of await pythonFolders(join(prefix, 'lib'))) {
      for (const packages of ['site-packages', 'dist-packages']) yield join(lib, packages, 'massgen', 'configs');
    }
    yield join(prefix, 'Lib', 'site-packages', 'massgen', 'configs');
  }
}

async function pythonFolders(lib: string): Promise<string[]> {
  const entries = await readdir(lib).catch(() => []);
  return entries.filter((name) => name.startsWith('python3')).map((name) => join(lib, name));
}

async function examplesIn(folder: string): Promise<MassgenExample[]> {
  const entries: Dirent[] = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && /^\.ya?ml$/.test(extname(entry.name)))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = relative(folder, path).split(sep).join('/');
      return { name: name.slice(0, -extname(name).length), path };
    })
    .filter(({ name }) => !name.startsWith('rate_limits/'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
