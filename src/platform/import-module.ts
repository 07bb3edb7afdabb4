import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Loads a module that the user has named: a file of theirs, or a package of their own that this program does without.
 * The one place where what is imported is not known before. Rejects with what the module throws.
 */
export async function importFile(path: string): Promise<Record<string, unknown>> {
  return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
}

/**
 * Finds the entry file of a package from these folders upwards, then among those installed for all of the machine's
 * user. Null when it is nowhere.
 */
export async function findPackage(name: string, folders: readonly string[]): Promise<string | null> {
  const tried = new Set<string>();
  for (const folder of [...folders.flatMap(upwards), join(dirname(dirname(process.execPath)), 'lib')]) {
    const root = join(folder, 'node_modules', name);
    if (tried.has(root)) continue;
    tried.add(root);
    const entry = await entryOf(root);
    if (entry !== null) return entry;
  }
  return null;
}

function upwards(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}

async function entryOf(root: string): Promise<string | null> {
  try {
    const description = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      exports?: unknown;
      module?: string;
      main?: string;
    };
    const entry = join(root, pick(description.exports) ?? description.module ?? description.main ?? 'index.js');
    await access(entry);
    return entry;
  } catch {
    return null;
  }
}

/** What `exports` says about the package itself, for an import in Node.js. */
function pick(exports: unknown): string | null {
  if (typeof exports === 'string') return exports;
  if (typeof exports !== 'object' || exports === null) return null;
  const conditions = exports as Record<string, unknown>;
  for (const condition of ['.', 'node', 'import', 'default']) {
    const found = pick(conditions[condition]);
    if (found !== null) return found;
  }
  return null;
}
