import type { AgentSpec, TeamSpec } from '../config/team.ts';

/** True for a team without any model: nothing is paid, and time is the program's own. */
export function isBuiltIn(team: TeamSpec): boolean {
  return [...team.agents, ...(team.subagents ?? [])].every(isBuiltInAgent);
}

/** True for an agent without a model. */
export function isBuiltInAgent({ backend }: AgentSpec): boolean {
  return backend.protocol === 'demo' || backend.protocol === 'scripted';
}
