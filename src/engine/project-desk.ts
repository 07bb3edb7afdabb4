import { mkdir, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { ProjectNeeds } from '../config/project-needs.ts';
import type { AgentSpec } from '../config/team.ts';
import type { ProposedChanges, RunState } from '../coordination/state.ts';
import { answerByLabel } from '../coordination/views.ts';
import type { Alias, EventData, FileChange } from '../events/event.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import { EXIT, MassgenError, messageOf } from '../platform/errors.ts';
import { safeFileName } from '../platform/paths.ts';
import type { WorkingCopy } from '../workspace/agent-files.ts';
import { applyChanges } from '../workspace/project/apply-changes.ts';
import { changesFolder } from '../workspace/project/change-record.ts';
import { collectChanges } from '../workspace/project/collect-changes.ts';
import { copyNamedFiles, makeCopy, openProject, type Project } from '../workspace/project/project.ts';
import type { ChangesPort } from './change-files.ts';
import { ownerFile, removeCopies } from './left-copies.ts';

export interface ProjectDeskOptions {
  needs: ProjectNeeds;
  agents: readonly AgentSpec[];
  /** Where relative paths of the config start, and the folder that agents work on unless a context path names another. */
  cwd: string;
  runDir: string;
  /** Folder that the copies of this run are made in. */
  copiesDir: string;
  /** `PATH` to find git in. */
  path: string;
  home?: string | undefined;
}

/** The copies of the user's folder that the agents of one run work in. */
export class ProjectDesk implements ChangesPort {
  readonly #options: ProjectDeskOptions;
  #project: Promise<Project> | null = null;

  constructor(options: ProjectDeskOptions) {
    this.#options = options;
  }

  /**
   * The copy of one agent, at `place` where that is given. Rejects with a MassgenError when there can be none; nothing weaker
   * takes its place.
   */
  async copyFor(alias: Alias, place?: string): Promise<WorkingCopy> {
    const { copiesDir, path, needs } = this.#options;
    const project = await this.#open();
    const { folder, isFresh } = await makeCopy(project, copiesDir, alias, path, place);
    return {
      folder: await realpath(folder),
      original: project.root,
      kind: project.mode,
      kept: ['.git', ...needs.copyFiles],
      refresh: () => copyNamedFiles(project, folder),
      readable: [project.repository, project.objects].flatMap((each) => each ?? []),
      problems: project.problems,
      setupScript: isFresh ? needs.setupScript : null,
    };
  }

  async propose(state: RunState): Promise<EventData['changes.proposed']> {
    const label = state.winner?.label ?? '';
    const nothing = { label, base: '', files: [], patch: '' };
    const alias = answerByLabel(state, label)?.alias;
    if (alias === undefined) return nothing;
    const { copiesDir, path, runDir } = this.#options;
    try {
      const project = await this.#open();
      const isPresented = state.final?.source === 'presenter';
      const copy = isPresented
        ? await realpath(join(copiesDir, safeFileName(alias)))
        : join(runDir, 'snapshots', safeFileName(label));
      const protectedPaths = await this.#protectedPaths(project.root);
      const { set, patch, problems } = await collectChanges({ project, copy, label, runDir, protectedPaths, path });
      const files = set.records.map(toldChange);
      return { label, base: project.root, files, patch, ...(problems.length > 0 && { problems }) };
    } catch (error) {
      return { ...nothing, problems: [`The changed files could not be looked for: ${messageOf(error)}`] };
    }
  }

  async apply({ label, accepted, hunks }: ProposedChanges): Promise<EventData['changes.applied']> {
    const { runDir, needs } = this.#options;
    const folder = changesFolder(runDir, label);
    try {
      const done = await applyChanges({ folder, paths: accepted, drift: needs.drift, ...(hunks && { hunks }) });
      const backup = done.backup === '' ? '' : relative(runDir, join(folder, done.backup));
      return { label, paths: done.paths, backup, ...(done.conflicts.length > 0 && { conflicts: done.conflicts }) };
    } catch (error) {
      const reason = messageOf(error);
      return { label, paths: [], backup: '', conflicts: accepted.map((path) => ({ path, reason })) };
    }
  }

  async close(isOver: boolean): Promise<void> {
    await this.#project?.catch(() => undefined);
    if (!isOver) return;
    await removeCopies(this.#options.copiesDir).catch(() => undefined);
    await rm(join(this.#options.runDir, 'project'), { recursive: true, force: true }).catch(() => undefined);
  }

  #open(): Promise<Project> {
    this.#project ??= this.#make();
    return this.#project;
  }

  async #make(): Promise<Project> {
    const { needs, runDir, copiesDir, path, home } = this.#options;
    const root = await this.#root();
    // Before anything is made, so that what a crash leaves behind is found.
    await mkdir(copiesDir, { recursive: true, mode: 0o700 });
    await writeFileAtomic(ownerFile(copiesDir), JSON.stringify({ runDir }));
    return openProject({ root, dir: join(runDir, 'project'), copiesDir, path, home, ...needs });
  }

  /** The first folder that a context path opens for writing, else the one that the command was started in. */
  async #root(): Promise<string> {
    const { cwd } = this.#options;
    for (const { path, permission } of this.#contexts()) {
      const root = await realpath(resolve(cwd, path)).catch(() => null);
      if (permission === 'write' && root !== null && (await stat(root)).isDirectory()) return root;
    }
    const root = await realpath(cwd);
    if (root !== dirname(root)) return root;
    throw new MassgenError('no-project', `${root} is no folder to make copies of. Start massgen in your project.`, {
      exitCode: EXIT.config,
    });
  }

  async #protectedPaths(root: string): Promise<string[]> {
    const { cwd } = this.#options;
    const found: string[] = [];
    for (const { path, protectedPaths } of this.#contexts()) {
      const at = await realpath(resolve(cwd, path)).catch(() => null);
      if (at === root) found.push(...protectedPaths.map((each) => resolve(root, each)));
    }
    return found;
  }

  #contexts(): NonNullable<AgentSpec['tools']>['contextPaths'] {
    return this.#options.agents.flatMap(({ tools }) => tools?.contextPaths ?? []);
  }
}

/** Without what only writing needs. */
function toldChange({ path, change, added, removed, isBinary, hunks, detail }: FileChange): FileChange {
  const more = { ...(hunks !== undefined && { hunks }), ...(detail !== undefined && { detail }) };
  return { path, change, added, removed, isBinary, ...more };
}
