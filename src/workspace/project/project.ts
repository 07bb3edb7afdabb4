import {
  appendFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import { MassgenError } from '../../platform/errors.ts';
import { safeFileName } from '../../platform/paths.ts';
import { copyTree, type CopyLimits } from '../copy-tree.ts';
import { readBytes, writeBytes } from '../file-access.ts';
import { locate } from '../path-policy.ts';
import { entriesOf, git, GitFailure } from './git.ts';
import { surveyFolder, type Repository } from './survey.ts';

/** How agents get their copies: `auto` is worktrees where the folder is in a git repository, plain copies elsewhere. */
export type WriteMode = 'auto' | 'worktree' | 'isolated';

export interface ProjectOptions {
  /** The user's folder, absolute and real. Nothing in it, or in its repository, is changed. */
  root: string;
  /** Folder of the run for what all copies begin with. */
  dir: string;
  /** Folder that the copies are made in; outside of the user's folder where there is a choice. */
  copiesDir: string;
  mode: WriteMode;
  /** Branch, tag or commit to begin with instead of the folder as it is; null is the folder. */
  baseBranch: string | null;
  /** Whether work that is not committed is in the copies; counts only without `baseBranch`. */
  includesUncommitted: boolean;
  /** Files that go into every copy though git ignores them, such as `.env`; relative to the folder. */
  copyFiles: readonly string[];
  path: string;
  home?: string | undefined;
  limits?: CopyLimits;
}

/** The user's folder as the agents of one run get it. */
export interface Project {
  root: string;
  mode: 'worktree' | 'isolated';
  /** Read-only folder: what every copy began with. */
  base: string;
  /** The run's own repository, that worktrees belong to; null without git. */
  repository: string | null;
  /** Objects of the user's repository, that the run's one borrows; null without git. */
  objects: string | null;
  copyFiles: readonly string[];
  problems: string[];
}

/** A folder of this size is copied for every agent. */
export const PROJECT_LIMITS: CopyLimits = { maxFiles: 100_000, maxBytes: 4 * 1024 ** 3 };
const BASE_REF = 'refs/massgen/base';
const MAX_NAMED_BYTES = 16 * 1024 * 1024;

const readOnly = (mode: number): number => ((mode & 0o111) === 0 ? 0o444 : 0o555);
const writable = (mode: number): number => ((mode & 0o111) === 0 ? 0o644 : 0o755);

/** Where the run's worktrees and copies begin. What a run that is taken up again has made is used as it is. */
export async function openProject(options: ProjectOptions): Promise<Project> {
  const record = join(options.dir, 'project.json');
  const known = await readFile(record, 'utf8').then(
    (text) => JSON.parse(text) as Project,
    () => null,
  );
  if (known) return known;
  await rm(options.dir, { recursive: true, force: true });
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const project = await makeProject(options).catch((error: unknown) => {
    throw error instanceof GitFailure
      ? new MassgenError('no-project-copy', `No copies of ${options.root} can be made: ${error.message}`, {
          cause: error,
        })
      : error;
  });
  await writeFileAtomic(record, JSON.stringify(project));
  return project;
}

async function makeProject(options: ProjectOptions): Promise<Project> {
  const { root, dir, mode, copyFiles, baseBranch, path, home } = options;
  const base = join(dir, 'base');
  const survey = await surveyFolder(root, { path, home, usesGit: true });
  const found = survey.repository;
  if (!found && (mode === 'worktree' || baseBranch !== null)) {
    throw new MassgenError(
      'no-repository',
      `${root} is in no git repository that git can read here, so there are no worktrees of it. Set write_mode: isolated (or auto) for plain copies, and leave base_branch out.`,
    );
  }
  const isCommit = found !== null && (baseBranch !== null || (!options.includesUncommitted && found.head !== null));
  const problems = [...survey.problems];
  const repository = found ? join(dir, 'repo.git') : null;
  if (found && repository !== null) await makeRepository(repository, found, path);
  if (found && repository !== null && isCommit) {
    const name = baseBranch ?? 'HEAD';
    const commit = await commitOf(root, name, { path, home });
    await checkOutBase(repository, base, commit, found.prefix, path);
  } else {
    const tree = await copyTree(root, base, {
      limits: options.limits ?? PROJECT_LIMITS,
      fileMode: readOnly,
      includes: survey.includes,
    });
    if (tree.beyond > 0) throw tooLarge(root, options.limits ?? PROJECT_LIMITS);
    if (tree.leftOut > 0) {
      problems.push(
        `${tree.leftOut} entries are left out of the copies: links that lead out, what is no ordinary file, what may not be read, and names that are no UTF-8.`,
      );
    }
    if (repository !== null) await commitBase(repository, base, found?.head ?? null, path);
  }
  return {
    root,
    mode: found && mode !== 'isolated' ? 'worktree' : 'isolated',
    base,
    repository,
    objects: repository === null ? null : (found?.objects ?? null),
    copyFiles,
    problems,
  };
}

function tooLarge(root: string, { maxFiles, maxBytes }: CopyLimits): MassgenError {
  return new MassgenError(
    'project-too-large',
    `${root} is too large to be copied for every agent (more than ${maxFiles} files or ${Math.round(maxBytes / 1024 ** 2)} MB). Name a smaller folder in context_paths, or let git ignore what agents do not need.`,
  );
}

/**
 * A repository of the run's own that borrows the user's objects: no branch, no worktree and no lock ever appears in the
 * user's. Bytes stay as they are: no filters, no line ends, no keywords.
 */
async function makeRepository(
  repository: string,
  { format, objects, excludes, shallow }: Repository,
  path: string,
): Promise<void> {
  const call = { cwd: dirname(repository), path };
  await git(['init', '-q', '--bare', '--template=', `--object-format=${format}`, repository], call);
  await appendFile(
    join(repository, 'config'),
    '[core]\n\thooksPath = /dev/null\n\tfsmonitor = false\n\tautocrlf = false\n\tlooseCompression = 0\n' +
      '[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n',
  );
  await mkdir(join(repository, 'info'), { recursive: true });
  await mkdir(join(repository, 'objects', 'info'), { recursive: true });
  await writeFile(
    join(repository, 'info', 'attributes'),
    '* -text !eol !filter -ident !working-tree-encoding !diff !merge\n',
  );
  await writeFile(join(repository, 'info', 'exclude'), `${excludes}\n`);
  await writeFile(join(repository, 'objects', 'info', 'alternates'), `${quoted(objects)}\n`);
  if (shallow !== null) await writeFile(join(repository, 'shallow'), shallow);
}

/** As git reads it there: a path with a line break, or one that looks like a comment, stands in quotes. */
function quoted(path: string): string {
  if (!/^["#]|[\n\r]/.test(path)) return path;
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
}

async function commitOf(
  root: string,
  name: string,
  user: { path: string; home?: string | undefined },
): Promise<string> {
  const call = { cwd: root, ...user };
  return git(['rev-parse', '-q', '--verify', '--end-of-options', `${name}^{commit}`], call).then(
    (text) => text.trim(),
    () => {
      throw new MassgenError(
        'no-base-branch',
        `The repository of ${root} has no branch, tag or commit ${JSON.stringify(name)}. Set base_branch to one that is there, or leave it out.`,
      );
    },
  );
}

async function checkOutBase(
  repository: string,
  base: string,
  commit: string,
  prefix: string,
  path: string,
): Promise<void> {
  const call = { cwd: dirname(base), path, gitDir: repository };
  const tree = (await git(['rev-parse', '--verify', `${commit}:${prefix.replace(/\/$/, '')}`], call)).trim();
  const id = (await git(['commit-tree', tree, '-p', commit, '-m', 'What every copy begins with'], call)).trim();
  await git(['update-ref', BASE_REF, id], call);
  const scrap = `${base}.part`;
  await git(['worktree', 'add', '-f', '--detach', scrap, id], call);
  const limits = { maxFiles: Infinity, maxBytes: Infinity };
  await copyTree(scrap, base, { limits, fileMode: readOnly, includes: (at) => at !== '.git' });
  await rm(scrap, { recursive: true, force: true });
  await git(['worktree', 'prune'], call);
}

async function commitBase(repository: string, base: string, head: string | null, path: string): Promise<void> {
  const call = { cwd: base, path, gitDir: repository, workTree: base };
  await git(['add', '-A', '-f', '.'], call);
  const tree = (await git(['write-tree'], call)).trim();
  const parent = head === null ? [] : ['-p', head];
  const id = (await git(['commit-tree', tree, ...parent, '-m', 'What every copy begins with'], call)).trim();
  await git(['update-ref', BASE_REF, id], call);
}

/**
 * Makes the copy of one agent, or finds the one that a run which is taken up again has made. Resolves with its folder. With
 * a `place`, the copy is made there, and what lies among the others is a link to it.
 */
export async function makeCopy(
  project: Project,
  copiesDir: string,
  alias: string,
  path: string,
  place?: string,
): Promise<{ folder: string; isFresh: boolean }> {
  const listed = join(copiesDir, safeFileName(alias));
  const done = `${listed}.done`;
  const isElsewhere = place !== undefined && (await readlink(listed).catch(() => null)) !== place;
  if ((await isThere(done)) && !isElsewhere) return { folder: listed, isFresh: false };
  const copy = place ?? listed;
  await rm(listed, { recursive: true, force: true });
  for (const name of place === undefined ? [] : await readdir(place)) {
    await rm(join(place ?? '', name), { recursive: true, force: true });
  }
  await mkdir(copiesDir, { recursive: true, mode: 0o700 });
  if (project.mode === 'worktree' && project.repository !== null) {
    const call = { cwd: copiesDir, path, gitDir: project.repository };
    await git(['worktree', 'prune'], call);
    await git(['worktree', 'add', '-f', '-q', '--detach', copy, BASE_REF], call);
  } else {
    const scrap = `${copy}.part`;
    await rm(scrap, { recursive: true, force: true });
    await copyTree(project.base, scrap, { limits: { maxFiles: Infinity, maxBytes: Infinity }, fileMode: writable });
    // A place that is given stays the folder that it is.
    if (copy === listed) await rename(scrap, copy);
    else for (const name of await readdir(scrap)) await rename(join(scrap, name), join(copy, name));
    await rm(scrap, { recursive: true, force: true });
  }
  await copyNamedFiles(project, copy);
  if (copy !== listed) await symlink(copy, listed);
  await writeFile(done, '');
  return { folder: copy, isFresh: true };
}

/** Puts the files that `copy_files` names into a copy, as they are in the user's folder now. */
export async function copyNamedFiles(project: Project, copy: string): Promise<void> {
  for (const file of project.copyFiles) await copyNamed(project, file, copy);
}

/** What the user has named may be a secret: it is never looked for outside of the folder, nor through a link. */
async function copyNamed(project: Project, file: string, copy: string): Promise<void> {
  const grant = {
    root: project.root,
    isFile: false,
    mode: 'read',
    name: project.root,
    protectedPaths: [],
    guardsNames: false,
  } as const;
  const place = await locate(file, 'read', project.root, [grant]);
  if ('refused' in place || !place.ok.exists) {
    throw new MassgenError(
      'no-such-file',
      `copy_files names ${JSON.stringify(file)}, which is no file in ${project.root}.`,
    );
  }
  const { bytes } = await readBytes(place.ok, MAX_NAMED_BYTES);
  const target = { ...grant, root: copy };
  await writeBytes(
    { ...place.ok, path: join(copy, ...place.ok.names), folder: copy, exists: false, grant: target },
    bytes,
  );
}

/** Names of entries, new in a copy, that the repository's rules leave out of it. None without a repository. */
export async function findIgnored(
  { repository }: Project,
  copy: string,
  files: readonly string[],
  path: string,
): Promise<Set<string>> {
  if (repository === null || files.length === 0) return new Set();
  const call = {
    cwd: copy,
    path,
    gitDir: repository,
    workTree: copy,
    input: files.map((file) => `./${file}\0`).join(''),
  };
  const output = await git(['check-ignore', '--no-index', '-z', '--stdin'], call).catch((error: unknown) => {
    // It also fails, in silence, when nothing is ignored.
    if (error instanceof GitFailure && error.stderr === '') return '';
    throw error;
  });
  // With `./` in front no name is a pattern.
  return new Set(entriesOf(output).map((entry) => entry.slice(2)));
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
