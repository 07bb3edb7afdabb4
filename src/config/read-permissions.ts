import { DEFAULT_PERMISSIONS, type PermissionNeeds } from './permission-needs.ts';
import type { AgentConfig, Config } from './schema/config.ts';

/** What an agent and its team say of permissions, as one; nothing where neither says anything. */
export function permissionsOf(agent: AgentConfig, config: Config): { permissions?: PermissionNeeds } {
  const [own, team] = [agent.permissions, config.permissions];
  if (!own && !team) return {};
  return {
    permissions: {
      role: own?.role ?? team?.role ?? DEFAULT_PERMISSIONS.role,
      rules: [...(own?.rules ?? []), ...(team?.rules ?? [])],
      otherwise: own?.default ?? team?.default ?? DEFAULT_PERMISSIONS.otherwise,
      unattended: own?.unattended ?? team?.unattended ?? DEFAULT_PERMISSIONS.unattended,
    },
  };
}
