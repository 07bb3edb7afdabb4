import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { massgenHome } from '../platform/paths.ts';
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
export function keyPlacesIn(env: Environment): readonly string[] {
  return ['the shell', './.env', `${(env['MASSGEN_HOME'] ?? '') === '' ? '~/.massgen' : '$MASSGEN_HOME'}/.env`];
}

/**
 * Merges the shell's variables with `./.env` and `~/.massgen/.env` (or `.env` in the folder that `MASSGEN_HOME` of the
 * shell names); an earlier place wins, and an empty value counts as not set. Never throws.
 */
export async function loadEnv(options: { cwd: string; home: string; env: Environment }): Promise<LoadedEnv> {
  const { cwd, home } = options;
  const loaded: LoadedEnv = { env: {}, sources: {}, places: keyPlacesIn(options.env), warnings: [] };
  take(loaded, options.env, 'shell');
  const own = massgenHome({ cwd, home, variables: loaded.env });
  for (const path of [join(cwd, '.env'), join(own, '.env')]) {
    const text = await readIfThere(path, loaded.warnings);
    if (text === null) continue;
    // Where the files are is the shell's to say.
    const { MASSGEN_HOME: _home, ...values } = parseEnv(text);
    take(loaded, values, path);
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
    const bytes = await readFile(path);
    // What PowerShell writes with ">".
    const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
    if (!isUtf16 && !isUtf8(bytes)) warnings.push(`${printable(path, 300)} is not written in UTF-8; save it as UTF-8.`);
    return bytes.toString(isUtf16 ? 'utf16le' : 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code !== 'ENOENT' && code !== 'ENOTDIR') warnings.push(`Cannot read ${printable(path, 300)} (${code}).`);
    return null;
  }
}
