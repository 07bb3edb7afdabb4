import type { ToolNeeds } from '../config/tool-needs.ts';
import { AGENT_VARIABLE } from './parent-budget.ts';

/**
 * Lets the tool servers of an agent know what a run that they start has to know of this one (how deep it would be, whose
 * budget it is part of), whatever the config says of these variables and whichever its rules allow.
 */
export function tellServers(needs: ToolNeeds, variables: Readonly<Record<string, string>>): ToolNeeds {
  // Nobody knows which agent a server works for that several share; the run pays then.
  const { [AGENT_VARIABLE]: _agent, ...ofRun } = variables;
  const mcpServers = needs.mcpServers.map((need) => {
    const { transport, security } = need;
    if (transport.type !== 'stdio') return need;
    const told = need.isShared === true ? ofRun : variables;
    const names = Object.keys(told);
    const env = { ...transport.env, ...told };
    const allowed = [...security.env.allowed, ...names];
    const denied = security.env.denied.filter((name) => !names.includes(name));
    return {
      ...need,
      transport: { ...transport, env },
      security: { ...security, env: { ...security.env, allowed, denied } },
    };
  });
  return { ...needs, mcpServers };
}
