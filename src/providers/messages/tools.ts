import type { BackendSpec } from '../../config/team.ts';
import type { JsonObject, JsonValue } from '../../events/json.ts';
import type { ToolSpec } from '../../events/message.ts';
import type { ModelRequest } from '../provider.ts';
import { FILES_BETA } from '../remote/anthropic-files.ts';
import { COMPUTER, SCREEN, usesComputer } from '../wire/computer-use.ts';
import { arrayAt } from '../wire/json-fields.ts';
import { hostOf } from '../wire/request-params.ts';
import { ANTHROPIC_STRICT } from '../wire/strict-schema.ts';
import { hasCodeCalls, hasToolSearch, schemaToSend } from '../wire/tool-features.ts';

/** The code execution that can call tools; the older one cannot. */
const CODE_WITH_TOOLS = 'code_execution_20260120';
const CODE = 'code_execution_20250825';

/** Our tools, as the model or its code may call them. */
export function buildMessagesTools(backend: BackendSpec, specs: readonly ToolSpec[]): JsonValue[] {
  const isSearched = hasToolSearch(backend, specs);
  const isCoded = hasCodeCalls(backend, specs);
  // The provider has words of its own for it.
  const own = usesComputer(backend) ? specs.filter(({ name }) => name !== COMPUTER) : specs;
  return own.map((tool) => {
    const { schema, isStrict } = schemaToSend(tool, backend, ANTHROPIC_STRICT);
    // A strict tool cannot be called by code.
    const callers = isCoded && tool.isForCode === true && !isStrict;
    return {
      name: tool.name,
      description: tool.description,
      input_schema: schema,
      ...(isStrict && { strict: true }),
      ...(isSearched && tool.isDeferred === true && { defer_loading: true }),
      ...(callers && { allowed_callers: ['direct', CODE_WITH_TOOLS] }),
    };
  });
}

/** What the provider has itself, for these tools of ours. */
export function serverTools(backend: BackendSpec, specs: readonly ToolSpec[]): JsonObject[] {
  const { builtinTools, features } = backend;
  const tools: JsonObject[] = [];
  if (hasToolSearch(backend, specs)) {
    const name = `tool_search_tool_${features?.toolSearch ?? 'regex'}`;
    tools.push({ type: `${name}_20251119`, name });
  }
  if (builtinTools.includes('web_search')) tools.push({ type: 'web_search_20250305', name: 'web_search' });
  if (builtinTools.includes('web_fetch')) tools.push({ type: 'web_fetch_20250910', name: 'web_fetch' });
  if (usesComputer(backend)) tools.push(computerTool(backend));
  const isCoded = hasCodeCalls(backend, specs);
  if (isCoded || builtinTools.includes('code_execution')) {
    tools.push({ type: isCoded ? CODE_WITH_TOOLS : CODE, name: 'code_execution' });
  }
  for (const { name, allowedTools } of features?.hostedServers ?? []) {
    tools.push({
      type: 'mcp_toolset',
      mcp_server_name: name,
      ...(allowedTools && {
        default_config: { enabled: false },
        configs: Object.fromEntries(allowedTools.map((tool) => [tool, { enabled: true }])),
      }),
    });
  }
  return tools;
}

/** Anthropic's own address has a set of tools, one for each action; others know the one tool before it. */
function computerTool({ baseUrl }: BackendSpec): JsonObject {
  if (baseUrl === null || hostOf(baseUrl) === 'api.anthropic.com') return { type: 'computer_toolset_20260801' };
  const { width: display_width_px, height: display_height_px } = SCREEN;
  return { type: 'computer_20251124', name: COMPUTER, display_width_px, display_height_px };
}

/** Tool servers that the provider calls. */
export function hostedServers({ features }: BackendSpec): JsonObject[] {
  return (features?.hostedServers ?? []).map(({ name, url, token }) => ({
    type: 'url',
    name,
    url,
    ...(token !== null && { authorization_token: token }),
  }));
}

/**
 * What a request must ask for by name. The version that Anthropic's own address speaks knows all but hosted servers;
 * other addresses know the words of the time when these were new. What the config names itself comes first.
 */
export function betasOf(
  backend: BackendSpec,
  { messages }: Pick<ModelRequest, 'messages'>,
  isOfficial: boolean,
): string[] {
  const { builtinTools, features, params } = backend;
  const betas = arrayAt(params, 'betas').filter((beta) => typeof beta === 'string');
  if (features?.hostedServers) betas.push('mcp-client-2025-11-20');
  if (isOfficial) return betas;
  if (messages.some((message) => message.role === 'user' && message.files?.some((file) => file.remote)))
    betas.push(FILES_BETA);
  if (usesComputer(backend)) betas.push('computer-use-2025-11-24');
  if (builtinTools.includes('code_execution')) betas.push('code-execution-2025-08-25');
  if (builtinTools.includes('web_fetch')) betas.push('web-fetch-2025-09-10');
  if (features?.toolSearch !== undefined || features?.codeCallsTools === true)
    betas.push('advanced-tool-use-2025-11-20');
  return betas;
}

/** Claude 4 and later. */
export function searchesTools({ model }: BackendSpec): boolean {
  return !/claude-(?:[123]|instant)/.test(model);
}
