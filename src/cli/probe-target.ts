import { buildBackend, type StartProblem } from '../config/backend-spec.ts';
import { findBackendType, isLoopbackHost, type BackendType } from '../config/catalogue.ts';
import type { BuiltinTool } from '../config/provider-features.ts';
import { loadEnv } from '../config/env.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { KeyPath } from '../config/problem.ts';
import { printable } from '../config/printable.ts';
import { requireBackendType } from '../config/quick-team.ts';
import type { AgentSpec, BackendSpec } from '../config/team.ts';
import type { JsonObject, JsonValue } from '../events/json.ts';
import type { Environment } from '../platform/environment.ts';
import { MassgenError } from '../platform/errors.ts';

/** Flags that say which endpoint is meant, and what to change about it. */
export interface TargetFlags {
  backend?: string;
  model?: string;
  baseUrl?: string;
  apiKeyEnv?: string;
  config?: string;
  agent?: string;
  systemMessage?: string;
  header?: string[];
  builtin?: string[];
  param?: string[];
  /** Seconds. */
  idleTimeout?: number;
}

export interface ProbeTarget {
  backend: BackendSpec;
  systemMessage: string | null;
}

/** The protocols by name, for those who want to check a server and no vendor. */
const PROTOCOL_TYPES: Readonly<Record<string, string>> = {
  responses: 'openai',
  chat: 'chatcompletion',
  messages: 'claude',
  anthropic: 'claude',
  google: 'gemini',
};

/** Throws a MassgenError (exit code 1) that says what is missing: the type, the model, the key. */
export async function findTarget(
  flags: TargetFlags,
  environment: Environment,
  warn: (line: string) => void,
): Promise<ProbeTarget> {
  const { env, warnings } = await loadEnv({ cwd: environment.cwd, home: environment.home, env: environment.variables });
  warnings.forEach(warn);
  const given = { headers: readHeaders(flags.header ?? []), params: readParams(flags.param ?? []) };
  if (flags.config === undefined) {
    if (flags.agent !== undefined) throw usage('--agent names an agent of a config: add --config FILE.');
    return { backend: fromFlags(flags, given, env, warn), systemMessage: flags.systemMessage ?? null };
  }
  const agent = await fromConfig(flags.config, flags, environment, env);
  const { backend } = agent;
  const type = findBackendType(backend.type);
  return {
    systemMessage: flags.systemMessage ?? agent.systemMessage,
    backend: {
      ...backend,
      headers: { ...backend.headers, ...given.headers },
      params: { ...backend.params, ...given.params },
      builtinTools: [...new Set([...backend.builtinTools, ...readBuiltins(flags.builtin ?? [], type)])],
      idleTimeoutMs: flags.idleTimeout === undefined ? backend.idleTimeoutMs : flags.idleTimeout * 1000,
    },
  };
}

function fromFlags(
  flags: TargetFlags,
  given: { headers: Record<string, string>; params: JsonObject },
  env: Readonly<Record<string, string>>,
  warn: (line: string) => void,
): BackendSpec {
  if (flags.backend === undefined)
    throw usage('Name the endpoint with --backend TYPE, or a config with --config FILE.');
  const type = typeNamed(flags.backend);
  const { spec, problems } = buildBackend(
    {
      type,
      model: flags.model,
      baseUrl: flags.baseUrl,
      apiKeyEnv: flags.apiKeyEnv,
      ...given,
      builtinTools: readBuiltins(flags.builtin ?? [], type),
      idleTimeoutMs: flags.idleTimeout === undefined ? undefined : flags.idleTimeout * 1000,
    },
    env,
  );
  const isNear = spec.baseUrl !== null && URL.canParse(spec.baseUrl) && isLoopbackHost(new URL(spec.baseUrl).hostname);
  const inTheWay = problems.filter((problem) => !(isNear && isMissingKey(problem)));
  if (inTheWay.length > 0) {
    const lines = inTheWay.map(({ message, suggestion }) => `${message}\n  ${suggestion}`);
    throw new MassgenError('cannot-probe', lines.join('\n').replaceAll('api_key_env:', '--api-key-env'));
  }
  // A server on this machine may well do without.
  for (const { message } of problems) warn(`${message} The request goes out without a key.`);
  return spec;
}

function isMissingKey({ key }: StartProblem): boolean {
  return key === 'api_key_env' || key === 'type';
}

async function fromConfig(
  path: string,
  flags: TargetFlags,
  environment: Environment,
  env: Readonly<Record<string, string>>,
): Promise<AgentSpec> {
  const [{ loadConfig }, { resolveTeam }, { findConfig }] = await Promise.all([
    import('../config/load.ts'),
    import('../config/resolve.ts'),
    import('../config/discover.ts'),
  ]);
  const { cwd, home } = environment;
  const loaded = await loadConfig(await findConfig(path, { cwd, home, env }), { env, cwd });
  const ids = loaded.config?.agents?.map((agent) => agent.id) ?? [];
  const id = flags.agent ?? (ids.length === 1 ? ids[0] : undefined);
  if (ids.length > 0 && (id === undefined || !ids.includes(id))) {
    const why = id === undefined ? 'has several agents: name one' : `has no agent ${printable(id)}: name another`;
    throw usage(`${path} ${why} with --agent. The agents are: ${ids.map((each) => printable(each)).join(', ')}.`);
  }
  const at = ids.indexOf(id ?? '');
  const team = resolveTeam(withFlags(onlyAgent(loaded, at), at, flags), { env });
  const agent = team.agents.find((each) => each.id === id) ?? team.agents[0];
  if (!agent) throw new Error('a team has no agents');
  return agent;
}

/** The same config with every other agent replaced by one that needs nothing, so that only this one's problems count. */
function onlyAgent(loaded: LoadedConfig, index: number): LoadedConfig {
  const agents = loaded.config?.agents;
  if (!loaded.config || !agents || index < 0) return loaded;
  return {
    ...loaded,
    config: {
      ...loaded.config,
      agents: agents.map((agent, at) => (at === index ? agent : { id: agent.id, backend: { type: 'demo' } })),
    },
    references: loaded.references.filter(({ path }) => path[0] !== 'agents' || path[1] === index),
  };
}

/** The config with what the flags say instead of what the backend of this agent says. */
function withFlags(loaded: LoadedConfig, index: number, flags: TargetFlags): LoadedConfig {
  const agents = loaded.config?.agents;
  if (!loaded.config || !agents || index < 0) return loaded;
  const backend = agents[index]?.backend;
  const type = flags.backend === undefined ? undefined : typeNamed(flags.backend).type;
  // At its own address another vendor would be told a key that is not for it.
  const isElsewhere = type !== undefined && type !== backend?.type && backend?.base_url === undefined;
  const said = {
    ...(isElsewhere && { api_key: undefined, api_key_env: undefined }),
    ...(type !== undefined && { type }),
    ...(flags.model !== undefined && { model: flags.model }),
    ...(flags.baseUrl !== undefined && { base_url: flags.baseUrl }),
    ...(flags.apiKeyEnv !== undefined && { api_key_env: flags.apiKeyEnv, api_key: undefined }),
  };
  const isSaid = (path: KeyPath): boolean => path[2] === 'backend' && Object.hasOwn(said, path[3] ?? '');
  return {
    ...loaded,
    config: {
      ...loaded.config,
      agents: agents.map((agent, at) => (at === index ? { ...agent, backend: { ...agent.backend, ...said } } : agent)),
    },
    references: loaded.references.filter(({ path }) => !isSaid(path)),
  };
}

function typeNamed(name: string): BackendType {
  return requireBackendType(PROTOCOL_TYPES[name] ?? name);
}

function readHeaders(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.search(/[=:]/);
      const name = text.slice(0, Math.max(0, at)).trim();
      if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw usage('A --header is NAME=VALUE.');
      return [name, text.slice(at + 1).trim()];
    }),
  );
}

/** A value that is no JSON is a text. */
function readParams(given: readonly string[]): JsonObject {
  const params: JsonObject = {};
  for (const text of given) {
    const at = text.indexOf('=');
    if (at < 1) throw usage('A --param is NAME=VALUE, with the value as JSON.');
    params[text.slice(0, at).trim()] = jsonOrText(text.slice(at + 1));
  }
  return params;
}

function jsonOrText(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

function readBuiltins(given: readonly string[], type: BackendType | undefined): BuiltinTool[] {
  const known = type?.builtinTools ?? [];
  return given.map((name) => {
    const tool = known.find((each) => each === name);
    if (tool) return tool;
    const offer = known.length > 0 ? `It has: ${known.join(', ')}.` : 'It has none.';
    throw usage(`The backend type ${type?.type ?? ''} has no tool ${printable(name)} of its own. ${offer}`);
  });
}

function usage(message: string): MassgenError {
  return new MassgenError('usage', message);
}
