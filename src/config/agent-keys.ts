import type { AgentKeys } from './external-agent.ts';
import type { BackendConfig } from './schema/config.ts';

/** What a checked file that lies in `folder` says about an agent that is no model endpoint. */
export function agentKeysOf(backend: BackendConfig, folder: string): AgentKeys {
  const { agent, command, args, env, module, permission_mode, allowed_tools, disallowed_tools, max_thinking_tokens } =
    backend;
  return {
    agent,
    command,
    args,
    env,
    module,
    permissionMode: permission_mode,
    allowedTools: allowed_tools,
    disallowedTools: disallowed_tools,
    maxThinkingTokens: max_thinking_tokens,
    folder,
  };
}
