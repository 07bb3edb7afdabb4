import type { ApplyMode } from '../events/settings.ts';
import type { ProjectNeeds } from './project-needs.ts';
import type { Config } from './schema/config.ts';

type OrchestratorConfig = Pick<Config, 'orchestrator'>;

/** Null where agents have no copies: the presenter then writes to the user's folder itself. */
export function projectNeedsOf({ orchestrator }: OrchestratorConfig): ProjectNeeds | null {
  const { write_mode: mode, drift_conflict_policy: drift, worktree } = orchestrator?.coordination ?? {};
  if (mode === undefined || mode === 'legacy') return null;
  return {
    mode,
    drift: drift ?? 'skip',
    baseBranch: worktree?.base_branch ?? null,
    includesUncommitted: worktree?.include_uncommitted ?? true,
    copyFiles: worktree?.copy_files ?? [],
    setupScript: worktree?.setup_script ?? null,
  };
}

export function applyModeOf(config: OrchestratorConfig): ApplyMode | null {
  if (projectNeedsOf(config) === null) return null;
  return config.orchestrator?.coordination?.apply_changes ?? 'ask';
}
