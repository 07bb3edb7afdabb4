import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readFile, readdir, readlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openProject, type Project, type ProjectOptions } from '../../../src/workspace/project/project.ts';
import { temporaryFolder } from '../../tools/files/agent-desk.ts';

export const PATH = '/usr/local/bin:/usr/bin:/bin';

export function gitIn(cwd: string, ...args: string[]): string {
  const env = {
    PATH,
    HOME: '/nonexistent',
    GIT_AUTHOR_NAME: 'User',
    GIT_AUTHOR_EMAIL: 'user@example.com',
    GIT_COMMITTER_NAME: 'User',
    GIT_COMMITTER_EMAIL: 'user@example.com',
  };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export async function fill(root: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

/** A repository with one commit that holds the files. */
export async function repository(files: Record<string, string>, name = 'repo'): Promise<string> {
  const root = join(await temporaryFolder(), name);
  await mkdir(root, { recursive: true });
  gitIn(root, 'init', '-q', '-b', 'main');
  await fill(root, files);
  gitIn(root, 'add', '-A');
  gitIn(root, 'commit', '-q', '-m', 'first');
  return root;
}

export interface Opened {
  project: Project;
  /** The run's folder. */
  runDir: string;
  copiesDir: string;
}

export async function open(root: string, options: Partial<ProjectOptions> = {}): Promise<Opened> {
  const runDir = join(await temporaryFolder(), 'run');
  await mkdir(runDir);
  const copiesDir = join(await temporaryFolder(), 'copies');
  const project = await openProject({
    root,
    dir: join(runDir, 'project'),
    copiesDir,
    mode: 'auto',
    baseBranch: null,
    includesUncommitted: true,
    copyFiles: [],
    path: PATH,
    ...options,
  });
  return { project, runDir, copiesDir };
}

/** Everything in a folder, byte for byte, with kinds and permission bits; times left out, and what `skipped` names in it. */
export async function pictureOf(root: string, at = '', skipped: string | null = null): Promise<Record<string, string>> {
  const picture: Record<string, string> = {};
  for (const name of (await readdir(join(root, at))).toSorted()) {
    const path = at === '' ? name : `${at}/${name}`;
    if (path === skipped) continue;
    const stats = await lstat(join(root, path));
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isDirectory()) Object.assign(picture, { [path]: `folder ${mode}` }, await pictureOf(root, path));
    else if (stats.isSymbolicLink()) picture[path] = `link ${await readlink(join(root, path))}`;
    else picture[path] = `file ${mode} ${(await readFile(join(root, path))).toString('latin1')}`;
  }
  return picture;
}
