import { lstat, readlink, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, basename, relative, resolve, sep } from 'node:path';

/** Links that lead to links; more are none that anybody has made. */
const MAX_LINKS = 40;

/**
 * True when an absolute path ends in the folder, wherever links on its way lead, or is the folder itself. What is not
 * there yet counts as written. Never rejects.
 */
export async function isInside(path: string, folder: string): Promise<boolean> {
  if (!isAbsolute(path)) return false;
  try {
    const inside = relative(await realOf(folder, MAX_LINKS), await realOf(path, MAX_LINKS));
    return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  } catch {
    return false;
  }
}

async function realOf(path: string, linksLeft: number): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (linksLeft === 0 || !(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error;
  }
  const isThere = await lstat(path).then(
    () => true,
    () => false,
  );
  // A link to what is not there yet is followed when it is written to.
  if (isThere) return realOf(resolve(dirname(path), await readlink(path)), linksLeft - 1);
  return join(await realOf(dirname(path), linksLeft), basename(path));
}
