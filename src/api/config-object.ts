import type { JsonValue } from '../events/json.ts';

/**
 * A config as it stands in a YAML or JSON file; `docs/config.md` names every key. Only what a team needs at least is
 * spelled out here: `validateConfig` says all that is wrong with one.
 */
export interface ConfigObject {
  agents?: AgentObject[];
  /** Instead of `agents`, where there is only one. */
  agent?: AgentObject;
  orchestrator?: { [key: string]: JsonValue | undefined };
  timeout_settings?: { orchestrator_timeout_seconds?: number | null; [key: string]: JsonValue | undefined };
  seed?: number;
  [key: string]: unknown;
}

export interface AgentObject {
  id: string;
  system_message?: string;
  backend: BackendObject;
  [key: string]: unknown;
}

export interface BackendObject {
  /** `openai`, `claude`, `gemini`, `ollama` …; found by `model` where the name tells. */
  type?: string;
  model?: string;
  base_url?: string;
  /** Better left out: then the variable of the type is looked up. */
  api_key?: string;
  /** The name of the variable that holds the key. */
  api_key_env?: string;
  [key: string]: unknown;
}
