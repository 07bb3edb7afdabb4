import { readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { isGuardedName } from '../path-policy.ts';
import { entriesOf, git, type GitCall } from './git.ts';

/** What the user's folder is, as far as copies of it are made. Looking at it changes nothing in it. */
export interface Survey {
  /** Null for a folder that is in no git repository, or where git is not to be had. */
  repository: Repository | null;
  /** Whether an entry of the folder belongs to a copy. `path` is relative to it, with slashes. */
  includes: (path: string, kind: 'file' | 'folder' | 'link') => boolean;
  /** What a copy will lack, in sentences. */
  problems: string[];
}

export interface Repository {
  /** Of objects: `sha1` or `sha256`. */
  format: string;
  /** Where its objects are, absolute. */
  objects: string;
  /** The folder inside the repository, with a slash at its end; empty for all of it. */
  prefix: string;
  /** The commit that HEAD names; null in a new repository. */
  head: string | null;
  /** Where its history ends, in git's own words; null for a whole one. */
  shallow: string | null;
  /** Patterns of the user's own, besides those in `.gitignore` files. */
  excludes: string;
}

const SHOWN = 5;
/** Files with secrets go into a copy only by name; models of such files hold none. */
const ENV_FILE = /^\.env(\..+)?$/i;
const ENV_MODEL = /\.(example|sample|template|dist)$/i;

export function isEnvFile(name: string): boolean {
  return ENV_FILE.test(name) && !ENV_MODEL.test(name);
}

export interface SurveyOptions {
  path: string;
  home?: string | undefined;
  /** False treats a repository as any other folder. */
  usesGit: boolean;
}

/** Looks at the folder. Rejects with a GitFailure only for a repository that git does not want to read. */
export async function surveyFolder(root: string, { path, home, usesGit }: SurveyOptions): Promise<Survey> {
  const call: GitCall = { cwd: root, path, home };
  const found = usesGit ? await findRepository(call) : null;
  if (!found) return { repository: null, includes: (at) => !at.split('/').some(isKept), problems: [] };
  const tracked = entriesOf(await git(['ls-files', '-s', '-z'], call)).flatMap((entry) => {
    const [, mode, name] = /^(\d+) [0-9a-f]+ \d\t([^]*)$/.exec(entry) ?? [];
    return mode === undefined || name === undefined ? [] : [{ mode, name }];
  });
  const untracked = entriesOf(await git(['ls-files', '-o', '-z', '--exclude-standard'], call));
  const submodules = tracked.flatMap(({ mode, name }) => (mode === '160000' ? [name] : []));
  const nested = untracked.filter((name) => name.endsWith('/'));
  const secret = untracked.filter((name) => isEnvFile(name.split('/').at(-1) ?? ''));
  const files = new Set([
    ...tracked.flatMap(({ mode, name }) => (mode === '160000' ? [] : [name])),
    ...untracked.filter((name) => !name.endsWith('/') && !secret.includes(name) && !name.split('/').some(isOwn)),
  ]);
  const folders = foldersOf(files);
  const usesLfs = await hasLfs(root, files);
  return {
    repository: found,
    includes: (at, kind) => (kind === 'folder' ? folders : files).has(at),
    problems: [
      ...told(submodules, 'Submodules are left out of the copies'),
      ...told(nested, 'Repositories inside the repository are left out of the copies'),
      ...told(secret, 'Files with secrets are copied only when copy_files names them; left out'),
      ...(usesLfs
        ? ['Files that git LFS keeps are copied as they are in the folder, pointers where they are pointers.']
        : []),
    ],
  };
}

/** Names of the user's state that no copy needs; `.gitignore` and the like stay. */
function isKept(name: string): boolean {
  return isGuardedName(name) || isEnvFile(name);
}

function isOwn(name: string): boolean {
  return name === '.massgen' || name === 'massgen_logs' || name.toLowerCase() === '.git';
}

async function findRepository(call: GitCall): Promise<Repository | null> {
  const isThere = await git(['--version'], call).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  const inside = await git(['rev-parse', '--is-inside-work-tree'], call).catch((error: unknown) => {
    if (error instanceof Error && /not a git repository/i.test(error.message)) return 'no';
    throw error;
  });
  if (inside.trim() !== 'true') return null;
  // One call each: a path may hold line breaks.
  const line = async (...args: string[]): Promise<string> =>
    (await git(['rev-parse', ...args], call)).replace(/\n$/, '');
  const common = await line('--git-common-dir');
  const folder = isAbsolute(common) ? common : resolve(call.cwd, common);
  const head = await line('-q', '--verify', 'HEAD^{commit}').catch(() => null);
  const named = await git(['config', '--path', '--get', 'core.excludesFile'], call).catch(() => '');
  const usual = call.home === undefined ? null : join(call.home, '.config', 'git', 'ignore');
  const texts = [join(folder, 'info', 'exclude'), named.replace(/\n$/, '') || usual].map(async (file) =>
    file === null ? '' : readFile(file, 'utf8').catch(() => ''),
  );
  return {
    format: await line('--show-object-format').catch(() => 'sha1'),
    objects: join(folder, 'objects'),
    prefix: await line('--show-prefix'),
    head,
    shallow: await readFile(join(folder, 'shallow'), 'utf8').catch(() => null),
    excludes: (await Promise.all(texts)).join('\n'),
  };
}

function foldersOf(files: ReadonlySet<string>): Set<string> {
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1)) folders.add(file.slice(0, at));
  }
  return folders;
}

async function hasLfs(root: string, files: ReadonlySet<string>): Promise<boolean> {
  if (!files.has('.gitattributes')) return false;
  return /\bfilter=lfs\b/.test(await readFile(join(root, '.gitattributes'), 'utf8').catch(() => ''));
}

function told(names: readonly string[], what: string): string[] {
  if (names.length === 0) return [];
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return [
    `${what}: ${names
      .slice(0, SHOWN)
      .map((name) => JSON.stringify(name))
      .join(', ')}${more}.`,
  ];
}
