import { mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Alias, AnswerLabel } from '../events/event.ts';
import { safeFileName } from '../platform/paths.ts';
import { contextGrant, type ResolvedContext } from './context-paths.ts';
import { copyTree, type CopiedTree, type CopyLimits } from './copy-tree.ts';
import { KeptOutputs } from './kept-outputs.ts';
import { locate, type FileUse, type Grant, type Location } from './path-policy.ts';

/** What an agent may use at this moment. It follows from the turn that it is in, so nothing has to be revoked. */
export interface Access {
  /** The presenter of a team and a single agent write to writable context paths; nobody else does. */
  mayWriteContext: boolean;
  /** The answers that the agent has seen; their files are readable. */
  labels: readonly AnswerLabel[];
}

/** Taken for one answer. `problem` says why there is none, or none that is whole. */
export interface Snapshot {
  files: number;
  bytes: number;
  leftOut: number;
  problem: string | null;
}

/** Beyond this a snapshot leaves files out and says so. */
export const SNAPSHOT_LIMITS: CopyLimits = { maxFiles: 20_000, maxBytes: 1024 ** 3 };

/** Nobody writes into a snapshot, not even its owner by accident. */
const withoutWriting = (mode: number): number => mode & 0o555;
const withWriting = (mode: number): number => (mode & 0o777) | 0o600;

export interface AgentFilesOptions {
  /** The run's folder. */
  runDir: string;
  alias: Alias;
  contexts: readonly ResolvedContext[];
  /** Folder of the files of an earlier answer, which the agent may read; absolute. */
  earlier?: string | undefined;
  /** Folder of all runs, which is closed to agents but for what they are given; the run's parent folder if left out. */
  runsDir?: string | undefined;
  limits?: CopyLimits;
  /** A copy of the user's folder to work in, in place of an empty workspace. */
  copy?: WorkingCopy | undefined;
  /** A workspace that does not lie in the run's folder, and the folder, closed to agents, that holds it and those of others. */
  elsewhere?: { workspace: string; closed: string } | undefined;
  /** Folder of the functions by which code calls tools, absolute; one in the run's folder if left out. */
  code?: string | undefined;
}

/** An agent's own copy of the user's folder. */
export interface WorkingCopy {
  /** Absolute and real. */
  folder: string;
  /** The user's folder, absolute and real. The agent does not get at it. */
  original: string;
  kind: 'worktree' | 'isolated';
  /** Paths in it that belong to no snapshot: what makes it a worktree, and secrets. */
  kept: readonly string[];
  /** Puts what is in no snapshot there again. */
  refresh: () => Promise<void>;
  /** Folders that git needs to tell the history; commands may read them. */
  readable: readonly string[];
  problems: readonly string[];
  /** To be run in it once; null where that was done. */
  setupScript: string | null;
}

/** Copies of the user's folder may be larger than what agents write by themselves. */
const COPY_LIMITS: CopyLimits = { maxFiles: 200_000, maxBytes: 8 * 1024 ** 3 };

/**
 * The files of one agent: a workspace of its own in the run's folder, read-only copies of what it and the others
 * handed in, the context paths, and outputs of its tools that were too long. Real ids occur in no path.
 */
export class AgentFiles {
  /** Absolute and real. Relative paths start here. */
  readonly workspace: string;
  /** `<snapshots>/agent2.1` holds the files of that answer. */
  readonly snapshots: string;
  /** Absolute and real. */
  readonly runDir: string;
  /** Absolute and real; holds `runDir`. */
  readonly runsDir: string;
  /** Where functions by which code calls tools are; the agent may read them. It need not be there. */
  readonly code: string;
  /** The files of the session's last answer; null where there are none. */
  readonly earlier: string | null;
  /** The user's folder that the workspace is a copy of; null for a workspace that began empty. */
  readonly copyOf: Pick<WorkingCopy, 'original' | 'kind' | 'readable'> | null;
  readonly #alias: Alias;
  readonly #closed: string | null;
  readonly #outputs: KeptOutputs;
  readonly #contexts: readonly ResolvedContext[];
  readonly #limits: CopyLimits;
  readonly #copy: WorkingCopy | undefined;
  #earlier: { folder: string; tree: CopiedTree } | undefined;

  private constructor(
    runDir: string,
    { alias, contexts, earlier, runsDir = dirname(runDir), limits, copy, elsewhere, code }: AgentFilesOptions,
  ) {
    this.earlier = earlier ?? null;
    this.code = code ?? join(runDir, 'code', safeFileName(alias));
    this.workspace = copy?.folder ?? elsewhere?.workspace ?? join(runDir, 'workspaces', safeFileName(alias));
    this.#copy = copy;
    this.#closed = elsewhere?.closed ?? null;
    this.copyOf = copy ?? null;
    this.snapshots = join(runDir, 'snapshots');
    this.#outputs = new KeptOutputs(runDir, alias);
    this.#alias = alias;
    this.runsDir = runsDir;
    this.runDir = runDir;
    this.#contexts = contexts;
    this.#limits = limits ?? (copy ? COPY_LIMITS : SNAPSHOT_LIMITS);
  }

  /** Makes the folders; what a workspace of a resumed run holds stays. */
  static async create(options: AgentFilesOptions): Promise<AgentFiles> {
    // A log that was cleaned up meanwhile has taken its files with it.
    const earlier = options.earlier && (await realpath(options.earlier).catch(() => undefined));
    const files = new AgentFiles(await realpath(options.runDir), {
      ...options,
      earlier,
      runsDir: options.runsDir && (await realpath(options.runsDir)),
      code: options.code && (await realpath(options.code)),
    });
    await mkdir(files.workspace, { recursive: true });
    await mkdir(files.snapshots, { recursive: true });
    await mkdir(files.#outputs.folder, { recursive: true });
    return files;
  }

  /** See `locate`. */
  locate(path: string, use: FileUse, access: Access): Promise<Location> {
    return locate(path, use, this.workspace, this.grants(access));
  }

  grants(access: Access): Grant[] {
    const own: Omit<Grant, 'root' | 'mode' | 'name'> = { isFile: false, protectedPaths: [], guardsNames: false };
    return [
      // Other runs, the log and the other agents' workspaces, wherever a context path may reach.
      { ...own, root: this.runsDir, mode: 'none', name: 'the runs' },
      ...(this.#closed === null
        ? []
        : [{ ...own, root: this.#closed, mode: 'none' as const, name: 'the workspaces of containers' }]),
      { ...own, root: this.workspace, mode: 'write', name: 'your workspace' },
      { ...own, root: this.#outputs.folder, mode: 'read', name: 'the kept tool output' },
      { ...own, root: this.code, mode: 'read', name: 'your tools as code' },
      { ...own, root: join(this.runDir, 'subagents', safeFileName(this.#alias)), mode: 'read', name: 'your subagents' },
      ...access.labels.map((label): Grant => ({
        ...own,
        root: join(this.snapshots, safeFileName(label)),
        mode: 'read',
        name: `the files of ${label}`,
      })),
      ...(this.earlier === null
        ? []
        : [{ ...own, root: this.earlier, mode: 'read' as const, name: 'the files of the last answer' }]),
      ...this.#contexts.map((context) => contextGrant(context, access.mayWriteContext)),
    ];
  }

  /**
   * Copies the workspace as it is now to `snapshots/<label>`. An earlier try for the same label is replaced. Never
   * rejects: an answer counts even if its files cannot be kept.
   */
  async takeSnapshot(label: AnswerLabel): Promise<Snapshot> {
    const target = join(this.snapshots, safeFileName(label));
    const scrap = `${target}.part`;
    try {
      await rm(target, { recursive: true, force: true });
      await rm(scrap, { recursive: true, force: true });
      const tree = await copyTree(this.workspace, scrap, {
        limits: this.#limits,
        fileMode: withoutWriting,
        ...(this.#earlier && { earlier: this.#earlier }),
        ...(this.#copy && { includes: (path: string) => this.#copy?.kept.includes(path) !== true }),
      });
      await rename(scrap, target);
      this.#earlier = { folder: target, tree };
      const problem = tree.leftOut > 0 ? `${tree.leftOut} entries were left out.` : null;
      return { files: tree.files, bytes: tree.bytes, leftOut: tree.leftOut, problem };
    } catch (error) {
      await rm(scrap, { recursive: true, force: true }).catch(() => undefined);
      return { files: 0, bytes: 0, leftOut: 0, problem: `The files could not be copied (${codeOf(error)}).` };
    }
  }

  /** Forgets a snapshot whose answer was not accepted after all. */
  async dropSnapshot(label: AnswerLabel): Promise<void> {
    this.#earlier = undefined;
    await rm(join(this.snapshots, safeFileName(label)), { recursive: true, force: true });
  }

  /**
   * Makes the workspace what it was when the answer was handed in. Resolves with what went wrong, in a sentence, or null.
   * Never rejects.
   */
  async restoreSnapshot(label: AnswerLabel): Promise<string | null> {
    const source = join(this.snapshots, safeFileName(label));
    if (!(await isFolder(source))) return 'There is no copy of the files of this answer; the workspace stays as it is.';
    return this.#refill(source).then(
      () => null,
      (error: unknown) => `The files could not be brought back (${codeOf(error)}).`,
    );
  }

  async #refill(source: string): Promise<void> {
    const scrap = join(dirname(this.workspace), `.${basename(this.workspace)}.part`);
    await rm(scrap, { recursive: true, force: true });
    await copyTree(source, scrap, { limits: { maxFiles: Infinity, maxBytes: Infinity }, fileMode: withWriting });
    // The folder itself stays, since running servers and commands may be at home in it.
    for (const name of await readdir(this.workspace)) {
      if (this.#copy && name === '.git') continue;
      await rm(join(this.workspace, name), { recursive: true, force: true });
    }
    for (const name of await readdir(scrap)) await rename(join(scrap, name), join(this.workspace, name));
    await rm(scrap, { recursive: true, force: true });
    await this.#copy?.refresh();
  }

  /** Keeps a long output where the agent can read it. Resolves with the paths of the files that hold it. */
  keepOutput(text: string, tool: string): Promise<string[]> {
    return this.#outputs.keep(text, tool);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'for an unknown reason';
}

async function isFolder(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    () => false,
  );
}
