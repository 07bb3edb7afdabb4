import type { BackendSpec } from '../../config/team.ts';
import type { JsonObject, JsonValue } from '../../events/json.ts';
import { isJsonObject } from '../../events/json.ts';
import type { AssistantMessage, LoadedFile } from '../../events/message.ts';
import type { ModelRequest } from '../provider.ts';
import { nativeItems, readConversation } from '../wire/conversation.ts';
import { answerSchema, readCommonParams, schemaFor } from '../wire/common-params.ts';
import { takenEffort } from '../wire/effort.ts';
import { objectAt } from '../wire/json-fields.ts';
import { cacheKey, hostOf, isHostOf, mergeParams } from '../wire/request-params.ts';
import { OPENAI_STRICT } from '../wire/strict-schema.ts';
import { plainSchema, schemaToSend } from '../wire/tool-features.ts';
import { dataUrl } from '../wire/user-files.ts';
import { argumentsText } from '../wire/tool-call.ts';

export const CHAT = 'chat';

/** Where a reply's own item keeps what came with its calls, by their ids. */
export const CALL_EXTRAS = 'call_extras';

/** The body of a Chat Completions request. */
export function buildChatRequest(backend: BackendSpec, request: ModelRequest): JsonObject {
  const host = hostOf(backend.baseUrl);
  const common = readCommonParams(backend.params);
  const schema = schemaFor(request, common);
  const { system, turns } = readConversation(request.messages, CHAT);
  const messages: JsonValue[] = [];
  if (system !== null) messages.push({ role: 'system', content: system });
  for (const turn of turns) {
    if (turn.role === 'user') {
      const text = turn.texts.join('\n\n');
      const parts = turn.files?.map(filePart);
      // An empty text beside files is refused by some.
      const said = text === '' ? [] : [{ type: 'text', text }];
      messages.push({ role: 'user', content: parts ? [...said, ...parts] : text });
      continue;
    }
    messages.push(assistantMessage(turn.message));
    for (const result of turn.results) {
      messages.push({ role: 'tool', tool_call_id: result.callId, content: result.output });
    }
    // A result holds text only here.
    const pictures = turn.results.flatMap(({ files = [] }) => files.map(filePart));
    if (pictures.length > 0) messages.push({ role: 'user', content: pictures });
  }
  const isOpenai = backend.baseUrl === null || isHostOf(host, 'openai.com') || isHostOf(host, 'azure.com');
  const tools: JsonValue[] = request.tools.map((tool) => {
    // Other vendors refuse the word, or do not know what it means.
    const sent = isOpenai
      ? schemaToSend(tool, backend, OPENAI_STRICT)
      : { schema: plainSchema(tool.parameters), isStrict: false };
    const { name, description } = tool;
    return {
      type: 'function',
      function: { name, description, parameters: sent.schema, ...(sent.isStrict && { strict: true }) },
    };
  });
  const builtin = builtinParams(backend, host);
  const { tools: builtinTools, ...builtinFields } = builtin;
  if (Array.isArray(builtinTools)) tools.push(...builtinTools);
  const hasCacheKey = backend.baseUrl === null || isHostOf(host, 'openai.com');
  const defaults: JsonObject = {
    model: backend.model,
    messages,
    // Mistral sends usage unasked and refuses the option.
    ...(!isHostOf(host, 'mistral.ai') && { stream_options: { include_usage: true } }),
    ...(hasCacheKey && system !== null && { prompt_cache_key: cacheKey(`${backend.model}\n${system}`) }),
    ...(tools.length > 0 && { tools }),
    ...(request.tools.length > 0 && request.toolChoice !== 'auto' && { tool_choice: request.toolChoice }),
    // Refused where there are no tools.
    ...(request.tools.length > 0 && common.isParallel !== null && { parallel_tool_calls: common.isParallel }),
    ...(common.effort !== null && { reasoning_effort: takenEffort(backend.model, common.effort) }),
    ...(common.verbosity !== null && { verbosity: common.verbosity }),
    ...(schema && {
      response_format: { type: 'json_schema', json_schema: { name: 'answer', ...answerSchema(schema) } },
    }),
    ...builtinFields,
  };
  return withStream(mergeParams(defaults, common.rest));
}

function filePart(file: LoadedFile): JsonObject {
  const { name, mediaType, base64: data } = file;
  if (mediaType.startsWith('image/')) return { type: 'image_url', image_url: { url: dataUrl(file) } };
  if (mediaType.startsWith('video/')) return { type: 'video_url', video_url: { url: dataUrl(file) } };
  if (mediaType.startsWith('audio/')) {
    return { type: 'input_audio', input_audio: { data, format: mediaType === 'audio/wav' ? 'wav' : 'mp3' } };
  }
  return { type: 'file', file: { filename: name, file_data: dataUrl(file) } };
}

/** `stream: false` is for servers that cannot stream; OpenAI then refuses options of the stream. */
function withStream(body: JsonObject): JsonObject {
  if (body.stream !== false) return { ...body, stream: true };
  const { stream_options: _options, ...rest } = body;
  return rest;
}

function assistantMessage(message: AssistantMessage): JsonObject {
  const item = nativeItems(message, CHAT)?.items[0];
  const { [CALL_EXTRAS]: extras = null, ...own } = isJsonObject(item) ? item : {};
  return {
    role: 'assistant',
    // Some servers refuse null, others an empty text beside calls; null is what OpenAI itself sends.
    content: message.text === '' && message.calls.length > 0 ? null : message.text,
    // Reasoning as it came: DeepSeek and Kimi want it back beside calls, OpenRouter wants its signed details.
    ...own,
    ...(message.calls.length > 0 && {
      tool_calls: message.calls.map((call) => {
        const extra = isJsonObject(extras) ? objectAt(extras, call.id) : null;
        const body = { name: call.name, arguments: argumentsText(call) };
        return { id: call.id, type: 'function', function: body, ...(extra && { extra_content: extra }) };
      }),
    }),
  };
}

/** How each vendor of this protocol switches its own web search on. None runs code. */
function builtinParams(backend: BackendSpec, host: string): JsonObject {
  if (!backend.builtinTools.includes('web_search')) return {};
  if (isHostOf(host, 'openrouter.ai')) return { plugins: [{ id: 'web' }] };
  if (isHostOf(host, 'x.ai')) return { search_parameters: { mode: 'auto', return_citations: true } };
  if (isHostOf(host, 'aliyuncs.com')) return { enable_search: true };
  if (isHostOf(host, 'z.ai') || isHostOf(host, 'bigmodel.cn')) {
    return { tools: [{ type: 'web_search', web_search: { enable: true, search_result: true } }] };
  }
  return backend.baseUrl === null || isHostOf(host, 'openai.com') ? { web_search_options: {} } : {};
}
