import { takesToolsBesideFunctions } from './gemini-models.ts';
import type { AgentSpec, BackendSpec, PriceList, Protocol } from './team.ts';
import type { BuiltinTool, HostedServer, ProviderFeatures } from './provider-features.ts';
import type { BackendConfig } from './schema/config.ts';

/** The provider's own tools that a backend asks for, available or not. */
export function wantedTools(backend: BackendConfig): BuiltinTool[] {
  const tools: BuiltinTool[] = [];
  if (backend.enable_web_search === true || isLiveSearch(backend)) tools.push('web_search');
  if (backend.enable_code_execution === true || backend.enable_code_interpreter === true) tools.push('code_execution');
  if (backend.enable_web_fetch === true) tools.push('web_fetch');
  if (backend.enable_image_generation === true) tools.push('image_generation');
  return tools;
}

/** Grok files that ask for search in the words of xAI's former search parameters. */
function isLiveSearch(backend: BackendConfig): boolean {
  const search = backend.extra_body?.['search_parameters'] ?? backend.search_parameters;
  return (
    backend.type === 'grok' &&
    typeof search === 'object' &&
    search !== null &&
    !Array.isArray(search) &&
    search['mode'] !== 'off'
  );
}

/** The key that asked for a tool. */
export function switchOf(backend: BackendConfig, tool: BuiltinTool): string {
  if (tool === 'code_execution' && backend.enable_code_interpreter === true) return 'enable_code_interpreter';
  return `enable_${tool}`;
}

/** Undefined for a backend that asks for nothing of the kind. */
export function featuresOf(backend: BackendConfig): ProviderFeatures | undefined {
  const servers = hostedServersOf(backend);
  const features: ProviderFeatures = {
    ...(backend.enable_strict_tool_use === true && { strictTools: true }),
    ...(wantsToolSearch(backend) && { toolSearch: backend.tool_search_variant ?? 'regex' }),
    ...(backend.enable_programmatic_flow === true && { codeCallsTools: true }),
    ...(servers.length > 0 && { hostedServers: servers }),
    ...(backend.enable_file_search === true && { fileSearch: true as const }),
    ...(backend.vector_store_ids && { vectorStores: backend.vector_store_ids }),
  };
  return Object.keys(features).length > 0 ? features : undefined;
}

function hostedServersOf({ hosted_mcp_servers: servers = {} }: BackendConfig): HostedServer[] {
  return Object.entries(servers).map(([name, { url, authorization_token: token, allowed_tools: tools }]) => ({
    name,
    url,
    token: token ?? null,
    allowedTools: tools ?? null,
  }));
}

/** A server whose tools are to be searched for asks for a search by itself. */
export function wantsToolSearch(backend: BackendConfig): boolean {
  return backend.enable_tool_search ?? serversOf(backend).some((server) => server.defer_loading === true);
}

type ServerConfig = Extract<NonNullable<BackendConfig['mcp_servers']>, unknown[]>[number];

function serversOf({ mcp_servers: servers = [] }: BackendConfig): ServerConfig[] {
  return Array.isArray(servers) ? servers : Object.values(servers);
}

/** Agents that are no model endpoint: what they call of the run's tools, and how many at once, they decide themselves. */
const EXTERNAL: ReadonlySet<Protocol> = new Set(['acp', 'a2a', 'framework', 'claude-code', 'local']);
const OWN_LOOP_KEYS = ['concurrent_tool_execution', 'max_concurrent_tools'] as const;

const RUNS_HERE =
  'Gemini runs code beside the tools of a team from version 3 on, and this provider may not at all; name such a model, or ' +
  'have commands run in a sandbox here with enable_mcp_command_line';

/** What to do instead, by the key that has no effect. */
const INSTEAD: Readonly<Record<string, string>> = {
  enable_web_search:
    'Gemini searches beside the tools of a team from version 3 on, and this provider may not at all; name such a model, or ' +
    'add an MCP server that searches',
  enable_code_execution: RUNS_HERE,
  enable_code_interpreter: RUNS_HERE,
  massgen_skills: 'this program brings no skills of its own; put them into .agent/skills',
  hosted_mcp_servers: 'put the server under mcp_servers, and this program calls it for the agent',
  enable_programmatic_flow: 'only OpenAI and Claude run code that calls tools; enable_code_based_tools does it here',
  enable_file_search: 'only OpenAI searches files; leave it out, and they go into the prompt',
  vector_store_ids: 'only OpenAI has such stores',
  enable_strict_tool_use: 'arguments are checked here all the same before a tool runs',
  enable_computer_use: 'massgen probe --builtin computer_use shows what a model would do; nothing here does it',
};

/** What to do instead of the key at the end of this path; null where there is nothing to say. */
export function insteadOf(path: string): string | null {
  return INSTEAD[path.slice(path.lastIndexOf('.') + 1)] ?? null;
}

/** Keys that ask for what the provider, or its model, does not do. `hasFunctions`: the agent has tools or teammates. */
export function featureGaps(backend: BackendConfig, spec: BackendSpec, hasFunctions: boolean): string[] {
  const { protocol, model, features, builtinTools } = spec;
  const gaps: string[] = [];
  const hasOwnTools = protocol === 'responses' || protocol === 'messages';
  const isVertex = spec.baseUrl?.includes('aiplatform.googleapis.com') === true;
  // Gemini offers every tool of a server, which is more than such a config allows.
  const isWhole = features?.hostedServers?.every(({ allowedTools }) => allowedTools === null) === true;
  const takesServers =
    hasOwnTools || (protocol === 'gemini' && isWhole && !isVertex && takesToolsBesideFunctions(model));
  if (features?.hostedServers && !takesServers) gaps.push('hosted_mcp_servers');
  if (features?.codeCallsTools === true && !hasOwnTools) gaps.push('enable_programmatic_flow');
  if (features?.vectorStores && protocol !== 'responses') gaps.push('vector_store_ids');
  if (features?.fileSearch && (protocol !== 'responses' || spec.type !== 'openai')) gaps.push('enable_file_search');
  if (EXTERNAL.has(protocol)) gaps.push(...OWN_LOOP_KEYS.filter((key) => backend[key] !== undefined));
  const isCopy = protocol === 'chat' && spec.baseUrl !== null && !/\.(?:openai|azure)\.com/.test(spec.baseUrl);
  if (features?.strictTools === true && (EXTERNAL.has(protocol) || isCopy)) gaps.push('enable_strict_tool_use');
  if (protocol === 'gemini' && hasFunctions && !takesToolsBesideFunctions(model)) {
    gaps.push(...builtinTools.map((tool) => switchOf(backend, tool)));
  }
  return gaps;
}

/** What the user says that tokens cost. */
export function pricesOf({ prices }: BackendConfig): PriceList | undefined {
  if (prices === undefined) return undefined;
  const { input, output, cached_input: cachedInput, cache_write: cacheWrite } = prices;
  return {
    input,
    output,
    ...(cachedInput !== undefined && { cachedInput }),
    ...(cacheWrite !== undefined && { cacheWrite }),
  };
}

/** Files that go along with the question. */
export function uploadsOf(backend: BackendConfig): Pick<AgentSpec, 'uploads'> {
  const { upload_files: files = [], media_max_file_size_mb: megabytes } = backend;
  const paths = files.flatMap((file) => Object.values(file).filter((path) => path !== undefined));
  if (paths.length === 0) return {};
  const searched = backend.enable_file_search === true ? files.flatMap(({ file_path: path }) => path ?? []) : [];
  const isSearching = searched.length > 0 && { searched };
  return {
    uploads: { paths, ...isSearching, ...(megabytes !== undefined && { maxMediaBytes: megabytes * 1024 * 1024 }) },
  };
}
