import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../platform/environment.ts';
import { MassgenError } from '../platform/errors.ts';
import type { Keymap } from '../tui/input/keymap.ts';

const MAX_CHARS = 100_000;

/**
 * The keys of the user's own file, for the app; nothing where there is none. Rejects with a MassgenError that names
 * everything that is wrong in it, with file and line.
 */
export async function loadUserKeys({
  home,
  variables,
}: Pick<Environment, 'home' | 'variables'>): Promise<{ keymap?: Keymap }> {
  const path = join(variables['XDG_CONFIG_HOME'] || join(home, '.config'), 'massgen', 'keys.yaml');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new MassgenError('bad-keys', `${path} cannot be read (${code}): check its permissions, or take it away.`);
  });
  if (text === null) return {};
  if (text.length > MAX_CHARS) throw new MassgenError('bad-keys', `${path} is too large for a file of keys.`);
  const { readUserKeys } = await import('../tui/input/user-keys.ts');
  const { keymap, problems } = readUserKeys(text, path);
  if (problems.length > 0) throw new MassgenError('bad-keys', ['The keys cannot be used:', ...problems].join('\n'));
  return { keymap };
}
