import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { Side } from './side.ts';

const run = promisify(execFile);

/** What is compared with; from PyPI. */
export const ORIGINAL_VERSION = '0.1.12';
const INSTALL_LIMIT_MS = 900_000;

/** MassGen in a virtual environment of its own in the user's cache, made when it is not there. A text says why there is none. */
export async function installOriginal(tell: (line: string) => void): Promise<Side | string> {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const folder = join(cache, 'massgen-bench', `massgen-${ORIGINAL_VERSION}`);
  const program = join(folder, 'bin', 'massgen');
  const side: Side = { name: `MassGen ${ORIGINAL_VERSION}`, command: [program], version: ORIGINAL_VERSION };
  if (existsSync(program)) return side;
  const python = ['python3.13', 'python3.12', 'python3.11', 'python3'].find(isNewEnough);
  if (python === undefined) return 'Python 3.11 or newer is not on the PATH.';
  tell(`Installing MassGen ${ORIGINAL_VERSION} into ${folder}; this happens once and takes some minutes.`);
  try {
    await mkdir(join(folder, '..'), { recursive: true });
    await run(python, ['-m', 'venv', folder]);
    const pip = join(folder, 'bin', 'pip');
    await run(pip, ['install', '--quiet', `massgen==${ORIGINAL_VERSION}`], { timeout: INSTALL_LIMIT_MS });
    return side;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    return `MassGen ${ORIGINAL_VERSION} could not be installed: ${String(error).slice(0, 300)}`;
  }
}

function isNewEnough(python: string): boolean {
  const check = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))';
  return spawnSync(python, ['-c', check]).status === 0;
}
