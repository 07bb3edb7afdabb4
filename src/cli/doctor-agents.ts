import { AGENT_PROGRAMS } from '../config/agent-programs.ts';
import type { TeamSpec } from '../config/team.ts';
import { findPackage } from '../platform/import-module.ts';
import { findProgram, type Check } from './doctor-checks.ts';

/** Packages that this program does without until an agent needs them. */
const PACKAGES: readonly (readonly [name: string, purpose: string])[] = [
  ['@anthropic-ai/claude-agent-sdk', 'type: claude_code needs it'],
  ['node-llama-cpp', 'type: local and --local need it'],
];

/** Looks for agents that speak ACP in the search path, and for packages from the working folder; none is needed. */
export async function checkAgents(searchPath: string, cwd: string): Promise<Check[]> {
  const programs = AGENT_PROGRAMS.map(async ({ label, command, install, name }): Promise<Check> => {
    const path = await findProgram(command, searchPath);
    const missing = `not found; type: acp with agent: ${name} needs it (${install})`;
    return { name: label, state: path === null ? 'missing' : 'ok', detail: path ?? missing };
  });
  const packages = PACKAGES.map(async ([name, purpose]): Promise<Check> => {
    const path = await findPackage(name, [cwd]);
    const missing = `not found; ${purpose} (npm install ${name})`;
    return { name, state: path === null ? 'missing' : 'ok', detail: path ?? missing };
  });
  return Promise.all([...programs, ...packages]);
}

/** The programs that the agents of a team are, as far as they are none that can be found. */
export async function checkTeamPrograms(team: TeamSpec): Promise<Check[]> {
  const checks = team.agents.map(async ({ id, backend: { external } }): Promise<Check[]> => {
    if (external?.kind !== 'acp') return [];
    const path = await findProgram(external.command, external.env['PATH'] ?? '');
    if (path !== null) return [{ name: `agent ${id}`, state: 'ok', detail: path }];
    return [{ name: `agent ${id}`, state: 'broken', detail: `${external.command} was not found. ${external.install}` }];
  });
  return (await Promise.all(checks)).flat();
}
