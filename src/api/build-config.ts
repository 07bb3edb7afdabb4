import { findBackendType } from '../config/catalogue.ts';
import { MassgenError } from '../platform/errors.ts';
import type { AgentObject, BackendObject, ConfigObject } from './config-object.ts';

/** One agent of a team, in short. */
export interface AgentRequest {
  /** `gpt-6-luna`, or with its backend before a slash: `openrouter/meta-llama/llama-4`. */
  model?: string | undefined;
  /** Backend type; needed where neither the model's name nor a slash tells it. */
  backend?: string | undefined;
  /** Unique in the team; `agent1`, `agent2` … if left out. */
  id?: string | undefined;
  systemMessage?: string | undefined;
  baseUrl?: string | undefined;
  /** Name of the variable that holds the key. */
  apiKeyEnv?: string | undefined;
  /** Further keys of the backend, as in a config: `temperature`, `enable_web_search` … */
  settings?: Readonly<Record<string, unknown>> | undefined;
}

export interface BuildConfigOptions {
  /** The agents one by one, or how many of the same kind (1 to 10). */
  agents?: number | readonly AgentRequest[] | undefined;
  /** The model of all agents. */
  model?: string | undefined;
  /** One agent per model. */
  models?: readonly string[] | undefined;
  /** The backend of all agents. */
  backend?: string | undefined;
  /** One backend per agent, in the order of the models; without models each has the usual one of its type. */
  backends?: readonly string[] | undefined;
  /** Address of the API of all agents, e.g. of a gateway or a server of your own. */
  baseUrl?: string | undefined;
  /** Told to every agent that has no system message of its own. */
  systemMessage?: string | undefined;
  /** Keys of the config's `orchestrator`, e.g. `{ voting_rule: 'borda' }`. */
  orchestrator?: ConfigObject['orchestrator'] | undefined;
  /** Time limit of a run; null is no limit. */
  timeoutSeconds?: number | null | undefined;
  seed?: number | undefined;
}

/** More agents than that cost more than they add. */
const MAX_AGENTS = 10;

/**
 * A config for a team of these models, as plain data: to be run, changed, or written to a file. Throws a MassgenError
 * when the numbers do not fit together; whether models and keys exist shows when it is validated or run.
 */
export function buildConfig(options: BuildConfigOptions): ConfigObject {
  const requests = requestsOf(options);
  if (requests.length < 1 || requests.length > MAX_AGENTS) {
    throw new MassgenError('agents', `A team has 1 to ${MAX_AGENTS} agents, and this would be ${requests.length}.`);
  }
  const config: ConfigObject = {
    agents: requests.map((request, index) => toAgent(request, `agent${index + 1}`, options.systemMessage)),
  };
  if (options.orchestrator !== undefined) config.orchestrator = { ...options.orchestrator };
  if (options.timeoutSeconds !== undefined) {
    config.timeout_settings = { orchestrator_timeout_seconds: options.timeoutSeconds };
  }
  if (options.seed !== undefined) config.seed = options.seed;
  return config;
}

function requestsOf({ agents, model, models, backend, backends, baseUrl }: BuildConfigOptions): AgentRequest[] {
  if (typeof agents === 'object') return agents.map((agent) => ({ model, backend, baseUrl, ...agent }));
  for (const [name, list] of Object.entries({ models, backends })) {
    if (list !== undefined && !(Array.isArray(list) && list.length > 0))
      throw new MassgenError('agents', `${name} must be a list with at least one entry.`);
  }
  const lists = [models, backends].filter((list) => list !== undefined);
  const count = agents ?? Math.max(1, ...lists.map((list) => list.length));
  if (lists.some((list) => list.length !== count && list.length !== 1)) {
    throw new MassgenError(
      'agents',
      `models and backends must have one entry per agent (${count}), or one for all of them.`,
    );
  }
  if (model === undefined && backend === undefined && lists.length === 0) {
    throw new MassgenError('no-model', 'Name at least one model (model, models) or provider (backend, backends).');
  }
  if (!Number.isSafeInteger(count) || count < 1 || count > MAX_AGENTS) {
    throw new MassgenError('agents', `A team has 1 to ${MAX_AGENTS} agents, and this would be ${count}.`);
  }
  const entry = (list: readonly string[] | undefined, index: number): string | undefined => list?.[index] ?? list?.[0];
  return Array.from({ length: count }, (_, index) => ({
    model: entry(models, index) ?? model,
    backend: entry(backends, index) ?? backend,
    baseUrl,
  }));
}

function toAgent(request: AgentRequest, id: string, systemMessage: string | undefined): AgentObject {
  const backend: BackendObject = { ...request.settings, ...splitModel(request) };
  if (request.baseUrl !== undefined) backend.base_url = request.baseUrl;
  if (request.apiKeyEnv !== undefined) backend.api_key_env = request.apiKeyEnv;
  const message = request.systemMessage ?? systemMessage;
  return { id: request.id ?? id, ...(message === undefined ? {} : { system_message: message }), backend };
}

/** `openrouter/vendor/model` names its backend, if the first part is one; every other slash belongs to the model. */
function splitModel({ model, backend, baseUrl }: AgentRequest): BackendObject {
  const slash = model?.indexOf('/') ?? -1;
  const prefix = slash > 0 ? (model?.slice(0, slash) ?? '') : '';
  if (backend === undefined && findBackendType(prefix) !== undefined) {
    return { type: prefix, model: model?.slice(slash + 1) ?? '' };
  }
  // An address of one's own speaks the common protocol, whatever its models are called.
  const type = backend ?? (baseUrl === undefined ? undefined : 'chatcompletion');
  return { ...(type === undefined ? {} : { type }), ...(model === undefined ? {} : { model }) };
}
