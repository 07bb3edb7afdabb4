import { isIPv4 } from 'node:net';
import type { JsonObject } from '../events/json.ts';
import type { BackendType } from './catalogue.ts';
import type { BuiltinTool, ProviderFeatures } from './provider-features.ts';
import { findTypeByHost, isHostOf, isLoopbackHost } from './catalogue.ts';
import type { Environment } from './env.ts';
import { keyPlacesIn } from './env.ts';
import { renameParameters } from './parameters.ts';
import type { AgentKeys } from './external-agent.ts';
import { readExternal } from './read-external.ts';
import { printable } from './printable.ts';
import type { AuthStyle, BackendSpec, PriceList, Protocol } from './team.ts';

/** Silence after which a stream counts as dead, unless the config says otherwise. */
export const DEFAULT_IDLE_TIMEOUT_MS = 120_000;

/** Agents with tools of their own are silent while they think and while their tools run. */
export const AGENT_IDLE_TIMEOUT_MS = 600_000;

/** What a config or a command line says about one backend. */
export interface BackendRequest {
  type: BackendType;
  model?: string | undefined;
  baseUrl?: string | undefined;
  /** A key written into the config; wins over every variable. */
  apiKey?: string | undefined;
  /** Where `apiKey` comes from, as a sentence. */
  apiKeyOrigin?: string | undefined;
  /** The only variable to look at for the key; the user's leave to send it to this address. */
  apiKeyEnv?: string | undefined;
  apiVersion?: string | undefined;
  authStyle?: AuthStyle | undefined;
  headers?: Record<string, string> | undefined;
  params?: JsonObject | undefined;
  builtinTools?: readonly BuiltinTool[] | undefined;
  features?: ProviderFeatures | undefined;
  prices?: PriceList | undefined;
  idleTimeoutMs?: number | undefined;
  options?: JsonObject | undefined;
  /** What is said about an agent that is no model endpoint. */
  agent?: AgentKeys | undefined;
}

/** Why a backend cannot be started. `key` is the key of the backend to blame. */
export interface StartProblem {
  key: string;
  message: string;
  suggestion: string;
}

/**
 * Everything needed to reach one model, or the reasons why it cannot be reached. Never throws. A key from the
 * environment goes to its vendor's own hosts and to this machine, nowhere else, unless the config names its variable.
 */
export function buildBackend(
  request: BackendRequest,
  env: Environment,
): { spec: BackendSpec; problems: StartProblem[] } {
  const { type } = request;
  const problems: StartProblem[] = [];
  if (type.protocol === null) problems.push(type.type === 'ag2' ? OVER_A2A : notYet(type));
  const protocol = protocolOf(request);
  const baseUrl = addressOf(request, env, problems);
  const found = readExternal(
    { ...request, keys: request.agent ?? {}, model: request.model, baseUrl: request.baseUrl },
    env,
  );
  if (found && 'problem' in found) problems.push(found.problem);
  const external = found && 'external' in found ? found : null;
  const model = external?.model ?? request.model ?? type.defaultModel ?? '';
  if (model === '' && type.protocol !== null && !found) {
    problems.push({
      key: 'model',
      message: `The type ${type.type} has no usual model.`,
      suggestion: 'Add model: NAME to this backend.',
    });
  }
  const { apiKey, variables } = keyOf(request, baseUrl, env, problems);
  const keyOrigin = request.apiKeyOrigin ?? keyOriginOf(request, variables, apiKey, env);
  const spec: BackendSpec = {
    type: type.type,
    protocol,
    model,
    baseUrl,
    apiKey,
    apiKeyVariables: variables,
    ...(keyOrigin !== null && { keyOrigin }),
    ...(request.apiVersion !== undefined &&
      (protocol === 'messages' || type.type === 'azure_openai') && { apiVersion: request.apiVersion }),
    ...(request.authStyle !== undefined && { authStyle: request.authStyle }),
    headers: { ...request.headers },
    params: renameParameters(request.params ?? {}, protocol, baseUrl),
    builtinTools: [...(request.builtinTools ?? [])],
    idleTimeoutMs: request.idleTimeoutMs ?? (found ? AGENT_IDLE_TIMEOUT_MS : DEFAULT_IDLE_TIMEOUT_MS),
    ...(external && { external: external.external }),
    ...(request.features && { features: request.features }),
    ...(request.prices && { prices: request.prices }),
    options: request.options ?? {},
  };
  return { spec, problems };
}

const OVER_A2A: StartProblem = {
  key: 'type',
  message: 'AG2 is a Python framework, so its agents do not run in this program.',
  suggestion:
    'Serve the agent from Python with AG2’s A2A server (autogen.a2a.A2aAgentServer), and reach it with type: a2a and base_url: its address.',
};

function notYet(type: BackendType): StartProblem {
  return {
    key: 'type',
    message: `The backend type ${type.type} (${type.label}) is known, but this version cannot run it yet.`,
    suggestion: 'Use another type for this agent, for example claude, openai or gemini.',
  };
}

/** xAI searches the web only through its Responses endpoint; its chat endpoint refuses search since 2026. */
function protocolOf(request: BackendRequest): Protocol {
  if (request.type.type === 'grok' && request.builtinTools?.includes('web_search') === true) return 'responses';
  return request.type.protocol ?? 'chat';
}

function addressOf(request: BackendRequest, env: Environment, problems: StartProblem[]): string | null {
  const { type } = request;
  if (type.type === 'azure_openai') return azureAddress(request, env, problems);
  if (request.baseUrl === undefined) return type.baseUrl;
  const host = hostOf(request.baseUrl);
  if (host === null) {
    problems.push({
      key: 'base_url',
      message: 'The base_url is no http or https address.',
      suggestion: 'Write the root of the API, for example https://api.openai.com/v1.',
    });
  }
  return trimAddress(request.baseUrl);
}

/** The help of MassGen suggests the full endpoint while its code wants the root: both are understood. */
function trimAddress(url: string): string {
  return url
    .trim()
    .replace(/\/chat\/completions\/?$/, '')
    .replace(/\/+$/, '');
}

/**
 * Azure's versionless address, or that of the deployment where the config names a dated version; one that has a path
 * under `/openai` already is taken as it is.
 */
function azureAddress(
  { baseUrl, apiVersion, model, type }: BackendRequest,
  env: Environment,
  problems: StartProblem[],
): string | null {
  const endpoint = baseUrl ?? env['AZURE_OPENAI_ENDPOINT'];
  if (endpoint === undefined || hostOf(endpoint) === null) {
    problems.push({
      key: 'base_url',
      message: 'Azure OpenAI needs the address of your resource.',
      suggestion: `Set AZURE_OPENAI_ENDPOINT (looked for in ${keyPlacesIn(env).join(', ')}) or add base_url to this backend.`,
    });
    return null;
  }
  const root = endpoint.trim().replace(/\/+$/, '');
  if (/\/openai(\/|$)/.test(new URL(root).pathname)) return root;
  const deployment = encodeURIComponent(model ?? type.defaultModel ?? '');
  return apiVersion === undefined ? `${root}/openai/v1` : `${root}/openai/deployments/${deployment}`;
}

function hostOf(address: string): string | null {
  const url = URL.parse(address.trim());
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== ''
    ? url.hostname
    : null;
}

/** Servers that want a key and do not check it. */
const PLACEHOLDERS: Readonly<Record<string, string>> = { lmstudio: 'lm-studio', ollama: 'ollama' };

function keyOf(
  request: BackendRequest,
  baseUrl: string | null,
  env: Environment,
  problems: StartProblem[],
): { apiKey: string | null; variables: string[] } {
  const { type } = request;
  const host = baseUrl === null ? null : hostOf(baseUrl);
  if (request.apiKey !== undefined && request.apiKey !== '') return { apiKey: request.apiKey, variables: [] };
  if (request.apiKeyEnv !== undefined) {
    const variables = [request.apiKeyEnv];
    const apiKey = firstValue(variables, env);
    if (apiKey === null) problems.push(missingKey(type, variables, 'api_key_env', env));
    return { apiKey, variables };
  }
  const owner = type.type === 'chatcompletion' ? ownerOf(host) : type;
  const variables = [...(owner?.keyVariables ?? [])];
  const apiKey = firstValue(variables, env);
  if (type.keyNeed === 'placeholder') {
    // What such a server is given by default is worth nothing elsewhere; a real key stays on this machine.
    const isNear = host === null || isLoopbackHost(host) || isPrivateHost(host);
    return { apiKey: (isNear ? apiKey : null) ?? PLACEHOLDERS[type.type] ?? 'EMPTY', variables };
  }
  if (type.keyNeed === 'none') return { apiKey: null, variables };
  if (owner === undefined) {
    // Some servers need no key at all, so this is not an error here; a 401 will say so.
    return { apiKey: null, variables: [] };
  }
  if (host !== null && !isHostOf(host, owner.hosts) && !isLoopbackHost(host)) {
    problems.push(foreignHost(owner));
    return { apiKey: null, variables };
  }
  if (apiKey === null) problems.push(missingKey(owner, variables, 'type', env));
  return { apiKey, variables };
}

function ownerOf(host: string | null): BackendType | undefined {
  return host === null ? undefined : findTypeByHost(host);
}

/** Whoever owns `10.example` owns no address of a private network, so numbers are looked at as a whole. */
function isPrivateHost(host: string): boolean {
  if (isIPv4(host)) return /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(host);
  if (host.startsWith('[')) return /^\[(f[cd]|fe[89ab])[0-9a-f]{2}:/.test(host);
  return host.endsWith('.local') || !host.includes('.');
}

/** The first of these variables that is set and not empty. */
export function firstValue(names: readonly string[], env: Environment): string | null {
  for (const name of names) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== '') return value;
  }
  return null;
}

/** For the message of a provider that refuses the key. */
function keyOriginOf(
  { type, apiKey: written, agent }: BackendRequest,
  variables: readonly string[],
  apiKey: string | null,
  env: Environment,
): string | null {
  if (written !== undefined && written !== '') return 'The key is the api_key of this backend.';
  const given = variables.find((name) => agent?.env?.[name]);
  if (given !== undefined) return `The key is ${printable(given)} in the env of this backend.`;
  if (variables.length > 0) return keyOriginIn(variables, env);
  return type.keyNeed === 'required' && apiKey === null
    ? 'No key was sent: name the variable that holds it as api_key_env.'
    : null;
}

/** The sentence on a key that is looked for in variables. */
export function keyOriginIn(variables: readonly string[], env: Environment): string {
  const found = variables.find((name) => firstValue([name], env) !== null);
  const places = keyPlacesIn(env).join(', ');
  if (found !== undefined) return `The key is that of ${printable(found)}, looked for in ${places}, in this order.`;
  return `No key was found: ${variables.map((name) => printable(name)).join(' or ')} is not set (looked in ${places}).`;
}

function missingKey(type: BackendType, variables: readonly string[], key: string, env: Environment): StartProblem {
  const names = variables.map((v) => printable(v)).join(' or ');
  return {
    key,
    message: `No API key for ${type.label}: ${names} is not set (looked in ${keyPlacesIn(env).join(', ')}).`,
    suggestion: `Run massgen --setup, put ${printable(variables[0] ?? 'KEY')}=your-key into ${keyPlacesIn(env).slice(1).join(' or ')}, or export it in the shell.`,
  };
}

function foreignHost(type: BackendType): StartProblem {
  const variable = type.keyVariables[0] ?? 'KEY';
  return {
    key: 'base_url',
    message: `The host of base_url does not belong to ${type.label}, so the key in ${variable} is not sent there.`,
    suggestion: `If you mean it, add api_key_env: ${variable} (or a variable of its own) to this backend.`,
  };
}
