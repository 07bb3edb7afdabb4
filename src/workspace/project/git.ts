import { execFile } from 'node:child_process';
import { delimiter, isAbsolute } from 'node:path';

export interface GitCall {
  /** Folder to run it in. */
  cwd: string;
  /** `PATH` to find git in. */
  path: string;
  /** The user's home, for the user's own settings of git; absent reads no settings but the repository's. */
  home?: string | undefined;
  input?: string;
  /** Repository and working tree, where they are not to be looked for. */
  gitDir?: string;
  workTree?: string;
}

/** Git could not be run, or did not do it. `stderr` holds its words. */
export class GitFailure extends Error {
  readonly stderr: string;

  constructor(args: readonly string[], stderr: string) {
    super(`git ${args[0] ?? ''} failed: ${stderr.trim().slice(0, 300) || 'it cannot be started'}`);
    this.stderr = stderr;
  }
}

const MAX_OUTPUT = 64 * 1024 * 1024;
const TIMEOUT_MS = 600_000;

/**
 * Nothing that a repository's settings name is run: no hooks, no monitor, no pager, no credential program; nothing is
 * fetched, nothing is cleaned up beside, and no lock of the user's repository is taken just to refresh what is cached.
 */
const SAFE = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.pager=cat',
  'gc.auto=0',
  'maintenance.auto=false',
  'protocol.allow=never',
  'submodule.recurse=false',
  'commit.gpgSign=false',
].flatMap((setting) => ['-c', setting]);

/** Runs git with a closed environment. Resolves with its output; rejects with a GitFailure. */
export function git(args: readonly string[], { cwd, path, home, input, gitDir, workTree }: GitCall): Promise<string> {
  const env: Record<string, string> = {
    // A folder that is named from here on may be an agent's, and have a program called git.
    PATH: path.split(delimiter).filter(isAbsolute).join(delimiter),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_CEILING_DIRECTORIES: '',
    GIT_AUTHOR_NAME: 'massgen',
    GIT_AUTHOR_EMAIL: 'massgen@localhost',
    GIT_COMMITTER_NAME: 'massgen',
    GIT_COMMITTER_EMAIL: 'massgen@localhost',
    ...(home === undefined ? { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' } : { HOME: home }),
    ...(gitDir !== undefined && { GIT_DIR: gitDir }),
    ...(workTree !== undefined && { GIT_WORK_TREE: workTree }),
  };
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      [...SAFE, ...args],
      { cwd, env, maxBuffer: MAX_OUTPUT, timeout: TIMEOUT_MS, encoding: 'utf8' },
      (error, stdout, stderr) => (error ? reject(new GitFailure(args, stderr)) : resolve(stdout)),
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

/** The entries of output that was asked for with `-z`. */
export function entriesOf(output: string): string[] {
  return output.split('\0').filter((entry) => entry !== '');
}
