/** What an agent may do at all: read on this machine; read anywhere; whatever its rules let it do. */
export type Role = 'read-only' | 'researcher' | 'read-write';

/** What takes the place of a person where nobody can be asked. */
export type Unattended = 'risk-based' | 'deny-all' | 'allow-all';

/** What a config says about leave for calls. */
export interface PermissionNeeds {
  role: Role;
  /** As written; checked when the config was read. The agent's first, then the team's. */
  rules: string[];
  /** What becomes of a call with effects outside of the workspace that no rule names. */
  otherwise: 'ask' | 'allow' | 'deny';
  /** Null: what a rule wants to be asked is denied, everything else runs as the config lets it. */
  unattended: Unattended | null;
}

export const DEFAULT_PERMISSIONS: PermissionNeeds = {
  role: 'read-write',
  rules: [],
  otherwise: 'ask',
  unattended: null,
};
