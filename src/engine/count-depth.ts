import type { ToolNeeds } from '../config/tool-needs.ts';
import { DEPTH_VARIABLE } from '../platform/run-depth.ts';

/**
 * Lets the tool servers of an agent know how deep a run that they start would be, whatever the config says of it and
 * whichever variables its rules allow.
 */
export function countDepth(needs: ToolNeeds, depth: number): ToolNeeds {
  const mcpServers = needs.mcpServers.map((need) => {
    const { transport, security } = need;
    if (transport.type !== 'stdio') return need;
    const env = { ...transport.env, [DEPTH_VARIABLE]: String(depth + 1) };
    const allowed = [...security.env.allowed, DEPTH_VARIABLE];
    const denied = security.env.denied.filter((name) => name !== DEPTH_VARIABLE);
    return {
      ...need,
      transport: { ...transport, env },
      security: { ...security, env: { ...security.env, allowed, denied } },
    };
  });
  return { ...needs, mcpServers };
}
