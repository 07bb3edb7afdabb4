import type { BackendSpec } from '../../config/team.ts';
import { isJsonObject, type JsonObject } from '../../events/json.ts';
import type { AssistantMessage, LoadedFile } from '../../events/message.ts';
import type { ModelRequest } from '../provider.ts';
import { nativeItems, readConversation, type ConversationTurn } from '../wire/conversation.ts';
import { numberAt, objectAt, stringAt } from '../wire/json-fields.ts';
import { readCommonParams, schemaFor, type CommonParams } from '../wire/common-params.ts';
import { ANTHROPIC_STRICT, strictSchema } from '../wire/strict-schema.ts';
import { fitThinking } from './thinking.ts';
import { buildMessagesTools, hostedServers, serverTools } from './tools.ts';
import { cannotSee } from '../wire/user-files.ts';
import { mergeParams } from '../wire/request-params.ts';

export const MESSAGES = 'messages';

/** Room for an answer of any usual length; the protocol demands a number. */
const DEFAULT_MAX_TOKENS = 16_384;

/** The body of a Messages request. Two cache marks make the whole prompt up to the last user text cacheable. */
export function buildMessagesRequest(backend: BackendSpec, request: ModelRequest): JsonObject {
  const { system, turns } = readConversation(request.messages, MESSAGES);
  const common = fitThinking(backend.model, readCommonParams(backend.params));
  const messages = buildMessages(turns);
  markForCache(messages);
  const tools = buildMessagesTools(backend, request.tools);
  const isHistoryOnly = tools.length === 0;
  // A conversation with calls is refused when no tool is declared.
  if (isHistoryOnly) tools.push(...toolsOfHistory(turns));
  const hasHistoryTools = isHistoryOnly && tools.length > 0;
  tools.push(...serverTools(backend, request.tools));
  const servers = hostedServers(backend);
  const container = lastContainer(turns);
  const defaults: JsonObject = {
    model: backend.model,
    max_tokens: maxTokens(backend.model, common.rest),
    ...(system !== null && { system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }] }),
    messages,
    ...(container !== null && { container }),
    ...(servers.length > 0 && { mcp_servers: servers }),
    ...(tools.length > 0 && { tools }),
    ...(tools.length > 0 && withParallel(toolChoice(common.rest, request, hasHistoryTools), request, common)),
  };
  // Beta features are asked for in a header.
  const { betas: _betas, ...params } = common.rest;
  const body = mergeParams(defaults, { ...params, ...outputConfig(common, schemaFor(request, common)) });
  // `stream: false` is for servers that cannot stream.
  return body.stream === false ? body : { ...body, stream: true };
}

/** One call per reply is a property of the choice here. */
function withParallel(choice: JsonObject, request: ModelRequest, { isParallel }: CommonParams): JsonObject {
  const type = stringAt(objectAt(choice, 'tool_choice'), 'type') ?? 'auto';
  if (isParallel !== false || request.tools.length === 0 || type === 'none') return choice;
  return { tool_choice: { type, disable_parallel_tool_use: true } };
}

/** Effort and the form of the reply, merged with what the config puts there itself. */
function outputConfig({ effort, rest }: CommonParams, schema: JsonObject | null): JsonObject {
  const config: JsonObject = {
    ...(effort !== null && { effort }),
    // Objects must say that they take nothing else.
    ...(schema && { format: { type: 'json_schema', schema: strictSchema(schema, ANTHROPIC_STRICT) ?? schema } }),
    ...objectAt(rest, 'output_config'),
  };
  return Object.keys(config).length > 0 ? { output_config: config } : {};
}

function toolChoice(params: JsonObject, request: ModelRequest, hasHistoryTools: boolean): JsonObject {
  if (hasHistoryTools) return { tool_choice: { type: 'none' } };
  if (request.tools.length === 0 || request.toolChoice === 'auto') return {};
  if (request.toolChoice === 'none') return { tool_choice: { type: 'none' } };
  // A model that thinks may not be forced to call.
  const thinking = stringAt(objectAt(params, 'thinking'), 'type');
  return thinking === null || thinking === 'disabled' ? { tool_choice: { type: 'any' } } : {};
}

function maxTokens(model: string, params: JsonObject): number {
  if (/claude-(?:2|instant|3-(?:opus|sonnet|haiku))/.test(model)) return 4096;
  if (/claude-3-5/.test(model)) return 8192;
  // The thinking budget is a share of the whole.
  return DEFAULT_MAX_TOKENS + (numberAt(objectAt(params, 'thinking'), 'budget_tokens') ?? 0);
}

function buildMessages(turns: readonly ConversationTurn[]): { role: string; content: JsonObject[] }[] {
  const messages: { role: string; content: JsonObject[] }[] = [];
  const add = (role: string, content: JsonObject[]): void => {
    const last = messages.at(-1);
    if (content.length === 0) return;
    if (last?.role === role) last.content.push(...content);
    else messages.push({ role, content });
  };
  for (const turn of turns) {
    if (turn.role === 'user') {
      add(
        'user',
        // Pictures are understood best before what is asked of them.
        [...(turn.files ?? []).map(fileBlock), ...turn.texts.map((text) => ({ type: 'text', text }))],
      );
      continue;
    }
    add('assistant', assistantBlocks(turn.message));
    add(
      'user',
      turn.results.map((result) => ({
        type: 'tool_result',
        tool_use_id: safeId(result.callId),
        content: result.files
          ? [{ type: 'text', text: result.output || 'Done.' }, ...result.files.map(fileBlock)]
          : result.output,
        ...(result.isError && { is_error: true }),
      })),
    );
  }
  return messages;
}

function fileBlock(file: LoadedFile): JsonObject {
  const { name, mediaType: media_type, base64: data, remote } = file;
  const source = remote ? { type: 'file', file_id: remote.id } : { type: 'base64', media_type, data };
  if (media_type.startsWith('image/')) return { type: 'image', source };
  if (media_type === 'application/pdf') return { type: 'document', title: name, source };
  return { type: 'text', text: cannotSee(file) };
}

function assistantBlocks(message: AssistantMessage): JsonObject[] {
  const own = nativeItems(message, MESSAGES);
  if (!own) return rebuiltBlocks(message);
  const blocks = own.items.filter(isJsonObject).filter(isReusable);
  // A reply may not end with thinking, so one that holds nothing else is left out.
  return blocks.every((block) => isThinking(block)) ? rebuiltBlocks(message) : blocks;
}

function rebuiltBlocks(message: AssistantMessage): JsonObject[] {
  const text: JsonObject[] = message.text.trim() === '' ? [] : [{ type: 'text', text: message.text }];
  const calls = message.calls.map((call) => ({
    type: 'tool_use',
    id: safeId(call.id),
    name: call.name,
    input: call.args ?? {},
  }));
  return [...text, ...calls];
}

function isThinking(block: JsonObject): boolean {
  return block.type === 'thinking' || block.type === 'redacted_thinking';
}

/** Blank texts and thoughts that were cut off before their signature came are refused. */
function isReusable(block: JsonObject): boolean {
  if (block.type === 'text') return (stringAt(block, 'text') ?? '').trim() !== '';
  return block.type !== 'thinking' || (stringAt(block, 'signature') ?? '') !== '';
}

/** Ids of other vendors may hold characters that are refused here. */
function safeId(id: string): string {
  return id.replace(/[^A-Za-z0-9_-]/g, '_');
}

function markForCache(messages: { role: string; content: JsonObject[] }[]): void {
  const block = messages.findLast((message) => message.role === 'user')?.content.at(-1);
  if (block) block.cache_control = { type: 'ephemeral' };
}

/** The place where code of an earlier reply waits for results. */
function lastContainer(turns: readonly ConversationTurn[]): string | null {
  const last = turns.findLast((turn) => turn.role === 'assistant');
  const native = last?.role === 'assistant' ? nativeItems(last.message, MESSAGES) : null;
  return native?.container ?? null;
}

function toolsOfHistory(turns: readonly ConversationTurn[]): JsonObject[] {
  const calls = turns.flatMap((turn) => (turn.role === 'assistant' ? turn.message.calls : []));
  return [...new Set(calls.map((call) => call.name))].map((name) => ({ name, input_schema: { type: 'object' } }));
}
