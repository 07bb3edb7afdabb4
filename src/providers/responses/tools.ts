import type { BackendSpec } from '../../config/team.ts';
import type { JsonValue } from '../../events/json.ts';
import type { ToolSpec } from '../../events/message.ts';
import { COMPUTER, SCREEN, usesComputer } from '../wire/computer-use.ts';
import { OPENAI_STRICT } from '../wire/strict-schema.ts';
import { hostOf, isHostOf } from '../wire/request-params.ts';
import { hasCodeCalls, hasToolSearch, schemaToSend } from '../wire/tool-features.ts';

/** The tools of a Responses request: ours as functions, then what the provider has itself. */
export function buildResponsesTools(
  backend: BackendSpec,
  specs: readonly ToolSpec[],
  ownStores: readonly string[] = [],
): JsonValue[] {
  const { features, builtinTools } = backend;
  const isSearched = hasToolSearch(backend, specs);
  const isCoded = hasCodeCalls(backend, specs);
  // The provider has words of its own for it.
  const own = usesComputer(backend) ? specs.filter(({ name }) => name !== COMPUTER) : specs;
  const tools: JsonValue[] = own.map((tool) => {
    const { schema, isStrict } = schemaToSend(tool, backend, OPENAI_STRICT);
    return {
      type: 'function',
      name: tool.name,
      description: tool.description,
      parameters: schema,
      // Strict is the default here and refuses most hand-written schemas.
      strict: isStrict,
      ...(isSearched && tool.isDeferred === true && { defer_loading: true }),
      ...(isCoded && tool.isForCode === true && { allowed_callers: ['direct', 'programmatic'] }),
    };
  });
  if (isSearched) tools.push({ type: 'tool_search' });
  if (isCoded) tools.push({ type: 'programmatic_tool_calling' });
  if (builtinTools.includes('web_search')) tools.push({ type: 'web_search' });
  if (builtinTools.includes('code_execution')) tools.push({ type: 'code_interpreter', container: { type: 'auto' } });
  if (builtinTools.includes('image_generation')) tools.push({ type: 'image_generation' });
  if (usesComputer(backend)) tools.push(computerTool(backend.model));
  const stores = [...(features?.vectorStores ?? []), ...ownStores];
  if (stores.length > 0) tools.push({ type: 'file_search', vector_store_ids: stores });
  for (const { name, url, token, allowedTools } of features?.hostedServers ?? []) {
    tools.push({
      type: 'mcp',
      server_label: name,
      server_url: url,
      ...(token !== null && { authorization: token }),
      ...(allowedTools && { allowed_tools: allowedTools }),
      // Nobody could answer in the middle of a reply; who names a server here has decided.
      require_approval: 'never',
    });
  }
  return tools;
}

/** Newer models look at the screen to know its size. */
function computerTool(model: string): JsonValue {
  if (!model.startsWith('computer-use-preview')) return { type: 'computer' };
  const { width: display_width, height: display_height } = SCREEN;
  return { type: 'computer_use_preview', display_width, display_height, environment: 'browser' };
}

/** OpenAI itself, from GPT-5.4 on. */
export function searchesTools({ model, baseUrl }: BackendSpec): boolean {
  const isOpenai = baseUrl === null || isHostOf(hostOf(baseUrl), 'openai.com');
  return isOpenai && !/^(?:gpt-3|gpt-4|chatgpt-|gpt-5(?:\.[0-3])?(?:-|$)|o\d)/.test(model);
}
