import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { MassgenError } from '../platform/errors.ts';
import { isRunId } from '../platform/ids.ts';
import { runsFolder } from '../platform/paths.ts';

/** The folders of the runs that were started in `cwd`, newest first. Never throws; none when there is no such folder. */
export async function listRunFolders(cwd: string): Promise<string[]> {
  const folder = runsFolder(cwd);
  const names = await readdir(folder).catch((): string[] => []);
  return names
    .filter(isRunId)
    .toSorted((a, b) => (a < b ? 1 : -1))
    .map((name) => join(folder, name));
}

/**
 * The folder of the run that a word means: a run's id or its beginning, the path of its folder or of its log, or
 * `latest`. `elsewhere` are folders of runs outside of `cwd` that are known. Rejects with a MassgenError.
 */
export async function findRun(word: string, cwd: string, elsewhere: readonly string[] = []): Promise<string> {
  const here = await listRunFolders(cwd);
  if (word === 'latest') {
    const [newest] = here;
    if (newest !== undefined) return newest;
    throw new MassgenError('no-run', `No run was started in ${cwd} so far.`);
  }
  const asPath = resolve(cwd, basename(word) === 'run.jsonl' ? dirname(word) : word);
  if (await isFile(join(asPath, 'run.jsonl'))) return asPath;
  const known = [...new Set([...here, ...elsewhere])];
  const exact = known.find((dir) => basename(dir) === word);
  if (exact !== undefined) return exact;
  const begun = known.filter((dir) => basename(dir).startsWith(word));
  const [only] = begun;
  if (begun.length === 1 && only !== undefined) return only;
  if (begun.length > 1) {
    const names = begun.slice(0, 5).map((dir) => basename(dir));
    throw new MassgenError('no-run', `Several runs begin with ${word}: ${names.join(', ')}. Write more of the id.`);
  }
  throw new MassgenError(
    'no-run',
    `There is no run ${word} in ${runsFolder(cwd)}. "massgen runs" lists those there are.`,
  );
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
