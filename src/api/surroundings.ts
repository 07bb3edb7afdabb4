import { resolve } from 'node:path';
import { loadEnv } from '../config/env.ts';
import { readEnvironment } from '../platform/environment.ts';

/** Where a program runs its teams, as far as files and keys go. */
export interface SurroundingsOptions {
  /** What paths are relative to, and where `.massgen` is; the process's working folder if left out. */
  cwd?: string | undefined;
  /**
   * Where keys and `${VARIABLES}` come from. If left out: the process's variables, then `./.env` and
   * `~/.massgen/.env`, as for the command. If given, nothing else is looked at.
   */
  env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** The same, looked up. */
export interface Surroundings {
  cwd: string;
  home: string;
  env: Record<string, string>;
}

/** Reads the process's facts only where they were not given; changes none of them. Never rejects. */
export async function findSurroundings({ cwd, env }: SurroundingsOptions): Promise<Surroundings> {
  const process = readEnvironment();
  const folder = cwd === undefined ? process.cwd : resolve(process.cwd, cwd);
  if (env === undefined) {
    const loaded = await loadEnv({ cwd: folder, home: process.home, env: process.variables });
    return { cwd: folder, home: process.home, env: loaded.env };
  }
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined) given[name] = value;
  return { cwd: folder, home: given['HOME'] ?? given['USERPROFILE'] ?? process.home, env: given };
}
