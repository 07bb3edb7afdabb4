/** How agents work on copies of the user's folder, and what becomes of what they change there. */
export interface ProjectNeeds {
  mode: 'auto' | 'worktree' | 'isolated';
  /** Where the user has changed a file meanwhile. */
  drift: 'skip' | 'prefer_presenter' | 'fail';
  baseBranch: string | null;
  includesUncommitted: boolean;
  copyFiles: string[];
  /** Shell command that every copy is made ready with, in the agent's runner. */
  setupScript: string | null;
}
