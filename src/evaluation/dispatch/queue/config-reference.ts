import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { EXIT, MassgenError } from '../../../platform/errors.ts';
import type { ConfigReference } from './trial-job.ts';

/** Null for what does not lie below the folder. */
export function innerPathOf(path: string, cwd: string): string | null {
  const inner = relative(cwd, path);
  return inner === '' || isAbsolute(inner) || inner.split(sep)[0] === '..' ? null : inner.split(sep).join('/');
}

/** How workers know a config by. `path` is absolute. Rejects with a MassgenError when it lies outside of the folder. */
export async function referTo(path: string, cwd: string): Promise<ConfigReference> {
  const inner = innerPathOf(path, cwd);
  if (inner === null) {
    throw new MassgenError(
      'outside-folder',
      `Workers look for configs below the folder that they are started in, and ${path} is not below ${cwd}. Start in the folder that holds the suite and its configs.`,
    );
  }
  return { path: inner, sha256: fingerprint(await readFile(path)) };
}

/**
 * The absolute path of a worker's own copy. Rejects with a MassgenError when it has none, or another one. What the config
 * itself names, such as files with system messages, is not looked at.
 */
export async function findOwnCopy({ path, sha256 }: ConfigReference, cwd: string): Promise<string> {
  const own = join(cwd, path);
  const content = await readFile(own).catch(() => null);
  if (content !== null && fingerprint(content) === sha256) return own;
  const what = content === null ? `There is no ${path}` : `${path} is another one than that of the evaluation`;
  throw new MassgenError('no-config', `${what} in ${cwd}. Copy the folder of the suite to this machine.`, {
    exitCode: EXIT.execution,
  });
}

function fingerprint(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
