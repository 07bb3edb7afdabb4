import type { AgentSpec } from '../../src/config/team.ts';
import type { JsonValue } from '../../src/events/json.ts';

/** One turn of a script, as configs have it. */
export type Turn = Record<string, JsonValue>;

export function scriptedAgent(id: string, turns: Turn[]): AgentSpec {
  return {
    id,
    systemMessage: null,
    backend: {
      type: 'scripted',
      protocol: 'scripted',
      model: 'script',
      baseUrl: null,
      apiKey: null,
      apiKeyVariables: [],
      headers: {},
      params: {},
      builtinTools: [],
      idleTimeoutMs: 60_000,
      options: { script: { turns } },
    },
  };
}
