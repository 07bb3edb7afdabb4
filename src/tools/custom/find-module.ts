import { access, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { findPackage } from '../../platform/import-module.ts';

export interface FoundModule {
  language: 'python' | 'javascript';
  /** Absolute and real. */
  file: string;
  /** What the module may need: its neighbours, packages, settings. Hidden files, such as `.env`, are not among them. */
  readable: string[];
  /** Folders with packages of a virtual environment, for Python. */
  packages: string[];
}

const JAVASCRIPT = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts']);

/** Looks for a file, then for a package of JavaScript. Resolves with a sentence when there is none that can be used. */
export async function findModule(path: string, cwd: string): Promise<FoundModule | string> {
  const place = resolve(cwd, path);
  const isFile = await stat(place).then(
    (stats) => stats.isFile(),
    () => false,
  );
  const found = isFile ? place : isPackageName(path) ? await findPackage(path, [cwd]) : null;
  if (found === null) return `there is no file ${path}${isPackageName(path) ? ' and no package of this name' : ''}`;
  const file = await realpath(found);
  const folder = dirname(file);
  if (extname(file) === '.py') {
    const environments = [folder, cwd].map((each) => join(each, '.venv'));
    const packages = (await Promise.all(environments.map(sitePackages))).flat();
    return { language: 'python', file, readable: [...(await neighbours(folder)), ...packages], packages };
  }
  if (!JAVASCRIPT.has(extname(file))) return `${path} is no file of Python, JavaScript or TypeScript`;
  const readable = [...(await neighbours(folder)), ...(await packagesAbove(folder))];
  return { language: 'javascript', file, readable, packages: [] };
}

function isPackageName(path: string): boolean {
  return !isAbsolute(path) && /^(@[\w.-]+\/)?[\w.-]+$/.test(path) && extname(path) !== '.py';
}

const MAX_NEIGHBOURS = 500;

/** The module's folder, entry by entry: what is hidden in it, keys above all, stays hidden. */
export async function neighbours(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && !isSecret(name));
  return names.slice(0, MAX_NEIGHBOURS).map((name) => join(folder, name));
}

function isSecret(name: string): boolean {
  return /\.(pem|key|p12|pfx)$|^id_[a-z0-9]+$|^(keys|secrets|credentials)\b/i.test(basename(name));
}

/** Where Node.js looks for packages, and for what kind of module a file is. */
async function packagesAbove(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (let here = folder; ; here = dirname(here)) {
    for (const name of ['node_modules', 'package.json']) {
      if (await exists(join(here, name))) found.push(join(here, name));
    }
    if (here === dirname(here)) return found;
  }
}

async function sitePackages(environment: string): Promise<string[]> {
  const libraries = join(environment, 'lib');
  const names = await readdir(libraries).catch(() => []);
  return names.filter((name) => name.startsWith('python')).map((name) => join(libraries, name, 'site-packages'));
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
