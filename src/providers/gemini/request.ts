import { takesToolsBesideFunctions } from '../../config/gemini-models.ts';
import type { BackendSpec } from '../../config/team.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import type { AssistantMessage, LoadedFile, ToolMessage } from '../../events/message.ts';
import type { ModelRequest } from '../provider.ts';
import { nativeItems, readConversation } from '../wire/conversation.ts';
import { nearestEffort } from '../wire/effort.ts';
import { COMPUTER, usesComputer } from '../wire/computer-use.ts';
import { objectAt, stringAt } from '../wire/json-fields.ts';
import { readCommonParams, schemaFor, type CommonParams } from '../wire/common-params.ts';
import { mergeParams } from '../wire/request-params.ts';
import { geminiSchema } from './schema.ts';

export const GEMINI = 'gemini';

/** Fields of the request itself; every other parameter belongs into `generationConfig`. */
const TOP_LEVEL: ReadonlySet<string> = new Set([
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'safetySettings',
  'cachedContent',
  'generationConfig',
  'labels',
  'serviceTier',
  'store',
]);

/** The body of a generateContent request, in the wire's own shape. */
export function buildGeminiRequest(backend: BackendSpec, request: ModelRequest): JsonObject {
  const { system, turns } = readConversation(request.messages, GEMINI);
  const contents: { role: string; parts: JsonObject[] }[] = [];
  const add = (role: string, parts: JsonObject[]): void => {
    const last = contents.at(-1);
    if (parts.length === 0) return;
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts });
  };
  for (const turn of turns) {
    if (turn.role === 'user') {
      add('user', [...(turn.files ?? []).map(filePart), ...turn.texts.map((text) => ({ text }))]);
      continue;
    }
    const parts = modelParts(turn.message);
    add('model', parts);
    add('user', resultParts(turn.results, parts));
  }
  const tools = buildTools(backend, request);
  const common = readCommonParams(backend.params);
  const isStrict = backend.features?.strictTools === true;
  const toolConfig = buildToolConfig(
    tools,
    request,
    isStrict ? { ...common, callingMode: common.callingMode ?? 'VALIDATED' } : common,
  );
  const defaults: JsonObject = {
    contents: contents as unknown as JsonValue,
    ...(system !== null && { systemInstruction: { parts: [{ text: system }] } }),
    ...(tools.length > 0 && { tools }),
    ...(toolConfig && { toolConfig }),
  };
  return withParams(defaults, backend, common, schemaFor(request, common));
}

function filePart({ mediaType: mimeType, base64: data, remote }: LoadedFile): JsonObject {
  if (remote?.uri !== undefined) return { fileData: { mimeType, fileUri: remote.uri } };
  return { inlineData: { mimeType, data } };
}

function withParams(
  defaults: JsonObject,
  backend: BackendSpec,
  common: CommonParams,
  schema: JsonObject | null,
): JsonObject {
  const given: JsonObject = {};
  const generation: JsonObject = {};
  const { extra_body: extra, stream: _stream, ...params } = common.rest;
  for (const [name, value] of Object.entries({ ...(isJsonObject(extra) ? extra : {}), ...params })) {
    const key = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (TOP_LEVEL.has(key)) given[key] = value;
    else generation[key] = value;
  }
  const thoughts: JsonObject = {
    ...(canShowThoughts(backend.model) && { includeThoughts: true }),
    ...thinkingOf(backend.model, common.effort),
  };
  // Models before Gemini 3 refuse a schema beside functions.
  if (schema && (!('tools' in defaults) || takesToolsBesideFunctions(backend.model))) {
    Object.assign(generation, { responseMimeType: 'application/json', responseJsonSchema: schema, ...generation });
  }
  const thinking = generation.thinkingConfig;
  const config = mergeParams(Object.keys(thoughts).length > 0 ? { thinkingConfig: thoughts } : {}, {
    ...objectAt(given, 'generationConfig'),
    ...generation,
    ...(isJsonObject(thinking) && { thinkingConfig: { ...thoughts, ...thinking } }),
  });
  delete given.generationConfig;
  return mergeParams({ ...defaults, ...(Object.keys(config).length > 0 && { generationConfig: config }) }, given);
}

/** Models without thinking refuse to be asked for their thoughts. */
function canShowThoughts(model: string): boolean {
  return /gemini-(?:2\.5|[3-9])/.test(model) && !/image|tts|live|audio|computer/.test(model);
}

function modelParts(message: AssistantMessage): JsonObject[] {
  const own = nativeItems(message, GEMINI);
  if (own) return own.items.filter(isJsonObject);
  const text: JsonObject[] = message.text.trim() === '' ? [] : [{ text: message.text }];
  return [...text, ...message.calls.map((call) => ({ functionCall: { name: call.name, args: call.args ?? {} } }))];
}

/** Results go back in the order of the calls, with the id that the server itself gave the call, if it gave one. */
function resultParts(results: readonly ToolMessage[], parts: readonly JsonObject[]): JsonObject[] {
  const calls = parts.map((part) => objectAt(part, 'functionCall')).filter((call) => call !== null);
  return results.map((result, at) => {
    const call = calls[at] ?? null;
    const id = stringAt(call, 'id');
    const isAllowed =
      stringAt(objectAt(objectAt(call, 'args'), 'safety_decision'), 'decision') !== null && !result.isError;
    const response: JsonObject = {
      ...(result.isError ? { error: result.output } : { output: result.output }),
      // A call that was made had to be allowed by a person or a rule first.
      ...(isAllowed && { safety_acknowledgement: 'true' }),
    };
    const parts = result.files?.map(({ mediaType: mimeType, base64: data }) => ({ inlineData: { mimeType, data } }));
    const name = stringAt(call, 'name') ?? result.name;
    return { functionResponse: { ...(id !== null && { id }), name, response, ...(parts && { parts }) } };
  });
}

function buildTools(backend: BackendSpec, request: ModelRequest): JsonObject[] {
  const tools: JsonObject[] = [];
  // The provider has words of its own for it.
  const own = usesComputer(backend) ? request.tools.filter(({ name }) => name !== COMPUTER) : request.tools;
  if (own.length > 0) {
    tools.push({
      functionDeclarations: own.map((tool) => {
        const parameters = geminiSchema(tool.parameters);
        // An object without fields is refused: such a function declares no parameters at all.
        const hasFields = Object.keys(objectAt(parameters, 'properties') ?? {}).length > 0;
        if (hasFields) return { name: tool.name, description: tool.description, parameters };
        const said = [tool.description, stringAt(parameters, 'description')].filter(Boolean).join(' ');
        return { name: tool.name, description: said };
      }),
    });
  }
  // Models before Gemini 3 refuse their own tools beside functions.
  if (usesComputer(backend)) tools.push({ computerUse: { environment: 'ENVIRONMENT_BROWSER' } });
  if (own.length > 0 && !takesToolsBesideFunctions(backend.model)) return tools;
  if (backend.builtinTools.includes('web_search')) tools.push({ googleSearch: {} });
  if (backend.builtinTools.includes('code_execution')) tools.push({ codeExecution: {} });
  if (backend.builtinTools.includes('web_fetch')) tools.push({ urlContext: {} });
  const servers = (backend.features?.hostedServers ?? []).filter(({ allowedTools }) => allowedTools === null);
  if (servers.length > 0) {
    const mcpServers = servers.map(({ name, url, token }) => {
      const headers = token === null ? {} : { headers: { Authorization: `Bearer ${token}` } };
      return { name, streamableHttpTransport: { url, ...headers } };
    });
    tools.push({ mcpServers });
  }
  return tools;
}

/** Gemini 3 and later know levels; the models before have a budget of tokens. */
function thinkingOf(model: string, effort: string | null): JsonObject {
  if (effort === null || !canShowThoughts(model)) return {};
  if (takesToolsBesideFunctions(model)) return { thinkingLevel: levelOf(model, effort) };
  const budget = BUDGETS[effort];
  if (budget === undefined) return {};
  // The larger model never stops thinking.
  return { thinkingBudget: /2\.5-pro/.test(model) ? Math.max(128, budget) : budget };
}

/** The larger models know fewer levels. */
function levelOf(model: string, effort: string): string {
  const taken = /gemini-3-pro/.test(model) ? ['low', 'high'] : /-pro/.test(model) ? LEVELS.slice(1) : LEVELS;
  return nearestEffort(effort, taken).toUpperCase();
}

const LEVELS = ['minimal', 'low', 'medium', 'high'];
/** Shares of what Gemini 2.5 takes at most (24,576 tokens in its smaller models). */
const BUDGETS: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 512,
  low: 1_024,
  medium: 8_192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
};

function buildToolConfig(
  tools: readonly JsonObject[],
  request: ModelRequest,
  { callingMode }: CommonParams,
): JsonObject | null {
  const config: JsonObject = {};
  if (request.tools.length > 0 && request.toolChoice !== 'auto') {
    config.functionCallingConfig = { mode: request.toolChoice === 'required' ? 'ANY' : 'NONE' };
  } else if (request.tools.length > 0 && callingMode !== null) {
    config.functionCallingConfig = { mode: callingMode };
  }
  if (request.tools.length > 0 && tools.length > 1) config.includeServerSideToolInvocations = true;
  return Object.keys(config).length > 0 ? config : null;
}
