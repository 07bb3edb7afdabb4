import { dirname, resolve } from 'node:path';
import type { JsonObject } from '../events/json.ts';
import { EXIT, MassgenError } from '../platform/errors.ts';
import { agentKeysOf } from './agent-keys.ts';
import type { BackendRequest } from './backend-spec.ts';
import { buildBackend, keyOriginIn } from './backend-spec.ts';
import { findBackendType } from './catalogue.ts';
import type { Environment } from './env.ts';
import { keyPlacesIn } from './env.ts';
import { fallbackBackends, retrySettingsOf } from './fallback.ts';
import type { Finding } from './finding.ts';
import { findTypeOfModel } from './infer-type.ts';
import type { LoadedConfig } from './load.ts';
import { toProblem } from './load.ts';
import { renameParameters } from './parameters.ts';
import { preparationOf } from './preparation.ts';
import { printable } from './printable.ts';
import type { KeyPath, Problem } from './problem.ts';
import { formatLocation, formatProblem, sortProblems } from './problem.ts';
import { isParameter } from './schema/backend.ts';
import type { AgentConfig, BackendConfig, Config, LearningConfig } from './schema/config.ts';
import type { SettingsOverrides } from './settings.ts';
import { toLimits, toSettings } from './settings.ts';
import type { AgentSpec, BackendSpec, TeamSpec } from './team.ts';
import { featureGaps, featuresOf, pricesOf, uploadsOf, switchOf, wantedTools } from './read-features.ts';
import { toolNeedsOf } from './read-tool-needs.ts';
import { projectNeedsOf } from './read-project-needs.ts';
import { endHooksOf, hooksOf } from './read-hooks.ts';
import { permissionsOf } from './read-permissions.ts';
import { findUnsupported, isBelow } from './unsupported.ts';
import { refusedParameters } from './unused-parameters.ts';

/**
 * A team that is ready to run. Throws one MassgenError (exit code 1) that lists everything in the way: problems of
 * the file, unset variables, missing keys with the places that were searched, types that cannot run.
 */
export function resolveTeam(
  loaded: LoadedConfig,
  options: { env: Environment; overrides?: SettingsOverrides },
): TeamSpec {
  const { config } = loaded;
  if (config === null) {
    const hasError = loaded.problems.some((p) => p.severity === 'error');
    throw failure(loaded, hasError ? [] : unsetVariables(loaded, [], options.env));
  }
  const unsupported = findUnsupported(loaded.value);
  const findings = unsetVariables(loaded, unsupported, options.env);
  const agents: AgentSpec[] = [];
  const builtinGaps: KeyPath[] = [];
  const origin: Origin = {
    folder: dirname(loaded.path),
    placeOf: (path) => placeOf(loaded, path),
    keyOriginOf: (path) => keyOriginOf(loaded, path, options.env),
    seed: config.seed,
    config,
  };
  const entries = config.agents?.map((agent, i) => ({ agent, path: ['agents', i] })) ?? [];
  if (config.agent !== undefined) entries.push({ agent: config.agent, path: ['agent'] });
  for (const { agent, path } of entries) {
    agents.push(resolveAgent(agent, path, origin, options.env, findings, builtinGaps));
  }
  const subagents = resolveSubagents(origin, options.env, findings, builtinGaps);
  const preparers = resolvePreparers(config, origin, options.env, findings);
  if (findings.length > 0) throw failure(loaded, findings);
  return {
    name: loaded.name,
    agents,
    settings: toSettings(config, options.overrides),
    ...(config.rate_limits && { rateLimits: config.rate_limits }),
    ...(subagents && { subagents }),
    ...(preparers && { preparers }),
    ...(projectNeedsOf(config) && { copies: projectNeedsOf(config) }),
    ...endHooksOf(config),
    ...(config.keep_runs_days !== undefined && { keepRunsDays: config.keep_runs_days }),
    ...(config.orchestrator?.project_notes === false && { usesProjectNotes: false }),
    unsupported: [...unsupported, ...builtinGaps].map(formatLocation),
    origin: { kind: 'config', path: loaded.path },
  };
}

/** What a file says about a run beside the team. */
export interface RunPreferences {
  displayType: string | null;
  theme: string | null;
  sessionId: string | null;
  seed: number | null;
  /** Absent where the config asks for none. */
  learning?: LearningConfig;
}

/** Null for everything that the file leaves open. */
export function readPreferences(loaded: LoadedConfig): RunPreferences {
  const config = loaded.config;
  return {
    displayType: config?.ui?.display_type ?? config?.ui?.type ?? config?.display?.type ?? null,
    theme: config?.ui?.theme ?? null,
    sessionId: config?.session_id ?? null,
    seed: config?.seed ?? null,
    ...(config?.learning && { learning: config.learning }),
  };
}

function failure(loaded: LoadedConfig, findings: readonly Finding[]): MassgenError {
  const found = findings.map((finding) => toProblem(finding, loaded.shownAs, loaded));
  const all: Problem[] = [...loaded.problems.filter((p) => p.severity === 'error'), ...found];
  const count = all.length === 1 ? 'one problem' : `${all.length} problems`;
  const code = findings.length > 0 ? 'cannot-start' : 'invalid-config';
  const message = [`Cannot start the team, ${count}:`, ...sortProblems(all).map(formatProblem)].join('\n');
  return new MassgenError(code, message, { exitCode: EXIT.config });
}

/** Variables that nothing needs, because their feature is not there anyway, do not stand in the way. */
function unsetVariables(loaded: LoadedConfig, unsupported: readonly KeyPath[], env: Environment): Finding[] {
  return loaded.references
    .filter((reference) => !reference.isSet && !isBelow(reference.path, unsupported))
    .map(({ path, variable }) => ({
      severity: 'error',
      path,
      message: `The variable ${variable} is not set (looked in ${keyPlacesIn(env).join(', ')}).`,
      suggestion: `Set it in one of these places, or write a default: \${${variable}:-text}.`,
    }));
}

/** Models of their own for what is prepared before agents draft; undefined where the file names none. */
function resolvePreparers(
  { orchestrator: o }: Config,
  origin: Origin,
  env: Environment,
  findings: Finding[],
): TeamSpec['preparers'] {
  const preparers: NonNullable<TeamSpec['preparers']> = {};
  const { personas, rewording } = preparationOf(origin.config);
  const writer = o?.coordination?.persona_generator?.backend;
  if (personas && writer) {
    const at = ['orchestrator', 'coordination', 'persona_generator', 'backend'];
    preparers.personas = resolveBackend(writer, at, origin, env, findings, []);
  }
  if (rewording && o?.dspy?.backend) {
    preparers.rewording = resolveBackend(
      o.dspy.backend,
      ['orchestrator', 'dspy', 'backend'],
      origin,
      env,
      findings,
      [],
    );
  }
  return Object.keys(preparers).length > 0 ? preparers : undefined;
}

/** Those who work on parts for agents; undefined where the file names none. */
function resolveSubagents(
  origin: Origin,
  env: Environment,
  findings: Finding[],
  gaps: KeyPath[],
): AgentSpec[] | undefined {
  const { enable_subagents: isOn, subagent_orchestrator: team } = origin.config.orchestrator?.coordination ?? {};
  if (isOn !== true || team?.enabled === false || team?.inherit_spawning_agent_backend === true) return undefined;
  const at = ['orchestrator', 'coordination', 'subagent_orchestrator', 'agents'];
  return team?.agents?.map((agent, index) => {
    const named = { ...agent, id: agent.id ?? `subagent${index + 1}` };
    return resolveAgent(named, [...at, index], origin, env, findings, gaps);
  });
}

/** What an agent takes from its file. */
interface Origin {
  folder: string;
  /** `team.yaml:12:7` of a key, for messages; null for one that is not in the file. */
  placeOf: (path: KeyPath) => string | null;
  /** Where a key that is written into the file comes from, as a sentence; undefined where none is. */
  keyOriginOf: (path: KeyPath) => string | undefined;
  seed: number | undefined;
  config: Config;
}

function resolveAgent(
  agent: AgentConfig,
  path: KeyPath,
  origin: Origin,
  env: Environment,
  findings: Finding[],
  gaps: KeyPath[],
): AgentSpec {
  const { backend } = agent;
  const at = [...path, 'backend'];
  const spec = resolveBackend(backend, at, origin, env, findings, gaps);
  const fallback = fallbackBackends(backend).map((each, index) =>
    resolveBackend(each, [...at, 'fallback', index], origin, env, findings, []),
  );
  const sensitivity = agent.voting_sensitivity ?? backend.voting_sensitivity;
  const tools = toolNeedsOf(backend, origin.config);
  const hasFunctions = tools !== undefined || (origin.config.agents?.length ?? 1) > 1;
  gaps.push(...featureGaps(backend, spec, hasFunctions).map((key) => [...at, key]));
  return {
    id: agent.id,
    systemMessage: agent.system_message ?? null,
    ...(tools && { tools }),
    ...permissionsOf(agent, origin.config),
    ...hooksOf(agent, origin.config),
    ...riskModelOf(agent, path, origin, env, findings),
    ...(agent.limits && { limits: toLimits(agent.limits) }),
    ...toolsAtOnceOf(backend),
    ...uploadsOf(backend),
    ...(agent.subtask !== undefined && { subtask: { text: agent.subtask, dependsOn: agent.depends_on ?? [] } }),
    ...(sensitivity && { sensitivity }),
    backend: fallback.length > 0 ? { ...spec, fallback } : spec,
  };
}

/** The agent's own, else the file's. */
function riskModelOf(
  { permissions }: AgentConfig,
  path: KeyPath,
  origin: Origin,
  env: Environment,
  findings: Finding[],
): Pick<AgentSpec, 'riskModel'> {
  const own = permissions?.risk_model;
  const model = own ?? origin.config.permissions?.risk_model;
  if (!model) return {};
  const at = [...(own ? path : []), 'permissions', 'risk_model', 'backend'];
  const backend = model.backend ? resolveBackend(model.backend, at, origin, env, findings, []) : null;
  return { riskModel: { backend } };
}

function toolsAtOnceOf(backend: BackendConfig): { toolsAtOnce?: number } {
  if (backend.concurrent_tool_execution === false) return { toolsAtOnce: 1 };
  return backend.max_concurrent_tools === undefined ? {} : { toolsAtOnce: backend.max_concurrent_tools };
}

function resolveBackend(
  backend: BackendConfig,
  at: KeyPath,
  origin: Origin,
  env: Environment,
  findings: Finding[],
  gaps: KeyPath[],
): BackendSpec {
  const type = findBackendType(backend.type ?? findTypeOfModel(backend.model ?? '') ?? '');
  if (type === undefined) throw new Error('a checked config has an agent without a type');
  const builtinTools = wantedTools(backend);
  const available = builtinTools.filter((tool) => type.builtinTools.includes(tool));
  for (const tool of builtinTools) if (!available.includes(tool)) gaps.push([...at, switchOf(backend, tool)]);
  const request: BackendRequest = {
    type,
    model: backend.model ?? modelOfBuiltin(backend, type.type),
    baseUrl: backend.base_url ?? backend.azure_endpoint,
    apiKey: backend.api_key,
    apiKeyOrigin: backend.api_key === undefined ? undefined : origin.keyOriginOf([...at, 'api_key']),
    apiKeyEnv: backend.api_key_env,
    apiVersion: backend.api_version,
    authStyle: backend.auth_style,
    headers: { ...backend.extra_headers, ...backend.headers },
    params: type.keyNeed === 'none' ? {} : parametersOf(backend),
    builtinTools: available,
    features: featuresOf(backend),
    prices: pricesOf(backend),
    idleTimeoutMs: backend.idle_timeout_seconds === undefined ? undefined : backend.idle_timeout_seconds * 1000,
    options: optionsOf(backend, type.type, origin),
    agent: agentKeysOf(backend, origin.folder),
  };
  const { spec, problems } = buildBackend(request, env);
  findings.push(
    ...problems.map(({ key, message, suggestion }): Finding => ({
      severity: 'error',
      path: [...at, key],
      at: 'key',
      message,
      suggestion,
    })),
  );
  const options = backend.provider_options as JsonObject | undefined;
  const retry = retrySettingsOf(backend);
  const given = Object.keys(parametersOf(backend));
  if (type.keyNeed === 'none' && type.protocol !== 'demo' && type.protocol !== 'scripted') {
    // Agents that are no model endpoint choose their words themselves.
    gaps.push(...given.map((name) => [...at, name]));
  }
  const sentAs = (name: string): string =>
    Object.keys(renameParameters({ [name]: true }, spec.protocol, spec.baseUrl))[0] ?? name;
  const refused = refusedParameters(spec);
  gaps.push(...given.filter((name) => refused.includes(sentAs(name))).map((name) => [...at, name]));
  const kept = Object.fromEntries(Object.entries(spec.params).filter(([name]) => !refused.includes(name)));
  const params = options === undefined ? kept : { ...kept, ...options };
  const places = Object.fromEntries(
    given.flatMap((name) => {
      const place = origin.placeOf([...at, name]);
      return place === null ? [] : [[sentAs(name), place]];
    }),
  );
  return {
    ...spec,
    params,
    ...(Object.keys(places).length > 0 && { parameterPlaces: places }),
    ...(retry && { retry }),
  };
}

function placeOf(loaded: LoadedConfig, path: KeyPath): string | null {
  const place = loaded.locate(path, 'key');
  return place && `${printable(loaded.shownAs, 300)}:${place.line}:${place.column}, ${formatLocation(path)}`;
}

function keyOriginOf(loaded: LoadedConfig, path: KeyPath, env: Environment): string | undefined {
  const place = placeOf(loaded, path);
  if (place === null) return undefined;
  const location = formatLocation(path);
  const variables = loaded.references.filter((each) => formatLocation(each.path) === location);
  const [first] = variables;
  return first ? `${keyOriginIn([first.variable], env)} It is named at ${place}.` : `The key stands at ${place}.`;
}

/** A built-in agent has no model; lists show what it does instead. */
function modelOfBuiltin(backend: BackendConfig, type: string): string | undefined {
  return type === 'demo' && backend.strategy !== undefined ? `demo-${backend.strategy}` : undefined;
}

/** What goes to the provider: every key that the program does not read itself. */
function parametersOf(backend: BackendConfig): JsonObject {
  const params: JsonObject = {};
  for (const [name, value] of Object.entries(backend) as [string, JsonObject[string] | undefined][]) {
    if (value === undefined || !isParameter(name) || name === 'search_parameters') continue;
    params[name] = name === 'extra_body' ? withoutSearch(value) : value;
  }
  return params;
}

function withoutSearch(body: JsonObject[string]): JsonObject[string] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'search_parameters'));
}

/** The path of a script is meant from the file's own folder. A demo takes the seed of the file if it has none. */
function optionsOf(backend: BackendConfig, type: string, origin: Origin): JsonObject {
  const { strategy, error_rate, script } = backend;
  const options: JsonObject = {};
  if (type === 'demo') {
    const seed = backend.seed ?? origin.seed;
    if (strategy !== undefined) options['strategy'] = strategy;
    if (error_rate !== undefined) options['error_rate'] = error_rate;
    if (seed !== undefined) options['seed'] = seed;
  }
  if (type === 'scripted' && script !== undefined) {
    options['script'] = typeof script === 'string' ? resolve(origin.folder, script) : (script as JsonObject[string]);
  }
  return options;
}
