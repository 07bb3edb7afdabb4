import type { BackendSpec } from '../../config/team.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import type { AssistantMessage, LoadedFile, ToolMessage } from '../../events/message.ts';
import type { ModelRequest } from '../provider.ts';
import { nativeItems, readConversation } from '../wire/conversation.ts';
import { objectAt, stringAt } from '../wire/json-fields.ts';
import { answerSchema, readCommonParams, schemaFor, type CommonParams } from '../wire/common-params.ts';
import { takenEffort } from '../wire/effort.ts';
import { cacheKey, hostOf, isHostOf, mergeParams } from '../wire/request-params.ts';
import { computerResult } from './computer-call.ts';
import { buildResponsesTools } from './tools.ts';
import { cannotSee, dataUrl } from '../wire/user-files.ts';
import { argumentsText } from '../wire/tool-call.ts';

export const RESPONSES = 'responses';

/** The body of a Responses request. Nothing is stored at the provider: the whole conversation is sent every time. */
export function buildResponsesRequest(backend: BackendSpec, request: ModelRequest): JsonObject {
  const { system, turns } = readConversation(request.messages, RESPONSES);
  const common = readCommonParams(backend.params);
  const isStored = backend.params.store === true;
  const input: JsonValue[] = [];
  for (const turn of turns) {
    if (turn.role === 'user') {
      for (const text of turn.texts) input.push({ role: 'user', content: text });
      if (turn.files) input.push({ role: 'user', content: turn.files.map(filePart) });
      continue;
    }
    const own = nativeItems(turn.message, RESPONSES);
    const items = own ? reusableItems(own.items, isStored) : rebuiltItems(turn.message);
    input.push(...items, ...turn.results.flatMap((result) => resultItems(result, items)));
  }
  const tools = buildResponsesTools(backend, request.tools, request.stores);
  const isOpenai = backend.baseUrl === null || isHostOf(hostOf(backend.baseUrl), 'openai.com');
  const included = [
    ...(!isStored && isReasoningModel(backend.model) ? ['reasoning.encrypted_content'] : []),
    ...(isOpenai ? resultsOf(tools) : []),
  ];
  const defaults: JsonObject = {
    model: backend.model,
    ...(system !== null && { instructions: system }),
    input,
    store: false,
    ...(included.length > 0 && { include: included }),
    ...(isOpenai && system !== null && { prompt_cache_key: cacheKey(`${backend.model}\n${system}`) }),
    ...(tools.length > 0 && { tools }),
    ...(request.tools.length > 0 && request.toolChoice !== 'auto' && { tool_choice: request.toolChoice }),
    // Asked for by the model that this tool was made for.
    ...(backend.model.startsWith('computer-use-preview') && { truncation: 'auto' }),
    ...(tools.length > 0 && common.isParallel !== null && { parallel_tool_calls: common.isParallel }),
  };
  const body = mergeParams(defaults, {
    ...common.rest,
    ...textAndThinking(backend.model, common, schemaFor(request, common)),
  });
  // `stream: false` is for servers that cannot stream.
  return body.stream === false ? body : { ...body, stream: true };
}

/** What OpenAI's own tools give back is left out of their items unless it is asked for. */
function resultsOf(tools: readonly JsonValue[]): string[] {
  const types = tools.map((tool) => stringAt(tool, 'type'));
  return [
    ...(types.includes('web_search') ? ['web_search_call.action.sources'] : []),
    ...(types.includes('code_interpreter') ? ['code_interpreter_call.outputs'] : []),
  ];
}

function filePart(file: LoadedFile): JsonObject {
  const { name, mediaType, remote } = file;
  if (remote && mediaType.startsWith('image/')) return { type: 'input_image', file_id: remote.id, detail: 'auto' };
  if (remote) return { type: 'input_file', file_id: remote.id };
  if (mediaType.startsWith('image/')) return { type: 'input_image', image_url: dataUrl(file), detail: 'auto' };
  if (mediaType === 'application/pdf') return { type: 'input_file', filename: name, file_data: dataUrl(file) };
  return { type: 'input_text', text: cannotSee(file) };
}

/** Settings that this API keeps in two objects, merged with what the config puts there itself. */
function textAndThinking(
  model: string,
  { effort, verbosity, rest }: CommonParams,
  schema: JsonObject | null,
): JsonObject {
  const text: JsonObject = {
    ...(verbosity !== null && { verbosity }),
    ...(schema && { format: { type: 'json_schema', name: 'answer', ...answerSchema(schema) } }),
    ...objectAt(rest, 'text'),
  };
  return {
    ...(effort !== null && { reasoning: { effort: takenEffort(model, effort), ...objectAt(rest, 'reasoning') } }),
    ...(Object.keys(text).length > 0 && { text }),
  };
}

/** Models that do not reason answer 400 when asked for their encrypted reasoning. */
function isReasoningModel(model: string): boolean {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  return !/^(?:gpt-3|gpt-4|chatgpt-|gpt-5(?:\.\d+)?-chat|ft:gpt-[34]|davinci|babbage)/.test(name);
}

/**
 * Items of an earlier reply as they can be sent back. A reasoning item needs what follows it, and, when nothing is
 * stored at the provider, its encrypted content; where it must go, the ids that bind other items to it go too.
 */
function reusableItems(items: readonly JsonValue[], isStored: boolean): JsonObject[] {
  const objects = items.filter(isJsonObject);
  const lastOther = objects.findLastIndex((item) => item.type !== 'reasoning');
  const isUsable = (item: JsonObject, at: number): boolean =>
    item.type !== 'reasoning' || (at < lastOther && (isStored || stringAt(item, 'encrypted_content') !== null));
  const usable = objects.filter(isUsable);
  if (usable.length === objects.length) return usable;
  return usable.map(({ id: _id, ...item }) => item as JsonObject);
}

function rebuiltItems(message: AssistantMessage): JsonObject[] {
  const items: JsonObject[] = [];
  if (message.text.trim() !== '') items.push({ role: 'assistant', content: message.text });
  for (const call of message.calls) {
    items.push({ type: 'function_call', call_id: call.id, name: call.name, arguments: argumentsText(call) });
  }
  return items;
}

function resultItems(result: ToolMessage, items: readonly JsonObject[]): JsonObject[] {
  const call = items.find((item) => item.call_id === result.callId && item.type !== 'program');
  if (call?.type === 'computer_call') return computerResult(call, result);
  const caller = objectAt(call, 'caller');
  const item: JsonObject = {
    type: call?.type === 'custom_tool_call' ? 'custom_tool_call_output' : 'function_call_output',
    call_id: result.callId,
    output: result.files ? [{ type: 'input_text', text: result.output }, ...result.files.map(filePart)] : result.output,
    // Code that has made a call waits for the result under its own name.
    ...(caller && { caller }),
  };
  return [item];
}
