import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { printable } from './printable.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of a run and where each came from. Values are secrets: they go into no message. */
export interface LoadedEnv {
  env: Record<string, string>;
  /** `shell`, or the path of the `.env` file, by variable. */
  sources: Record<string, string>;
  /** The places that were looked at, the strongest first, as people write them. */
  places: readonly string[];
  /** Files that are there but could not be read. */
  warnings: string[];
}

/** Where keys are looked for, for messages. */
export const KEY_PLACES: readonly string[] = ['the shell', './.env', '~/.massgen/.env'];

/**
 * Merges the shell's variables with `./.env` and `~/.massgen/.env`; an earlier place wins, and an empty value counts
 * as not set. Never throws.
 */
export async function loadEnv(options: { cwd: string; home: string; env: Environment }): Promise<LoadedEnv> {
  const loaded: LoadedEnv = { env: {}, sources: {}, places: KEY_PLACES, warnings: [] };
  take(loaded, options.env, 'shell');
  for (const path of [join(options.cwd, '.env'), join(options.home, '.massgen', '.env')]) {
    const text = await readIfThere(path, loaded.warnings);
    if (text !== null) take(loaded, parseEnv(text), path);
  }
  return loaded;
}

function take(loaded: LoadedEnv, values: Environment, source: string): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || (loaded.env[name] ?? '') !== '') continue;
    loaded.env[name] = value;
    loaded.sources[name] = source;
  }
}

async function readIfThere(path: string, warnings: string[]): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code !== 'ENOENT' && code !== 'ENOTDIR') warnings.push(`Cannot read ${printable(path, 300)} (${code}).`);
    return null;
  }
}
