import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import type { Asks, LentRequest } from '../asks.ts';

/** What is sent back to a server that has asked for a model's words. */
export type Sampled = {
  role: 'assistant';
  model: string;
  content: { type: 'text'; text: string };
  stopReason: 'endTurn' | 'maxTokens';
};

const MAX_MESSAGES = 100;
const MAX_CHARS = 200_000;
const CHARS_PER_TOKEN = 4;

/**
 * Has the model of the agent that a call is for answer a server. The model gets what the server sends and nothing else.
 * Throws an error whose message is for the server where that cannot be.
 */
export async function sample(
  server: string,
  params: JsonObject,
  asks: Asks | undefined,
  signal: AbortSignal,
): Promise<Sampled> {
  if (!asks?.lendModel) throw new Error('There is no model that could be asked.');
  const request = requestOf(params);
  const answer = await asks.lendModel(server, request, signal);
  if ('refused' in answer) throw new Error(answer.refused);
  const { maxTokens } = params;
  const most = typeof maxTokens === 'number' && maxTokens > 0 ? maxTokens * CHARS_PER_TOKEN : Infinity;
  const isCut = answer.text.length > most;
  return {
    role: 'assistant',
    model: answer.model,
    content: { type: 'text', text: isCut ? answer.text.slice(0, most).toWellFormed() : answer.text },
    stopReason: isCut ? 'maxTokens' : 'endTurn',
  };
}

function requestOf({ systemPrompt, messages, tools }: JsonObject): LentRequest {
  if (Array.isArray(tools) && tools.length > 0) throw new Error('The model calls no tools for a server.');
  const asked = (Array.isArray(messages) ? messages : []).map(messageOf);
  const system = typeof systemPrompt === 'string' ? systemPrompt : '';
  const chars = asked.reduce((sum, { text }) => sum + text.length, system.length);
  if (asked.length === 0) throw new Error('There is no message to answer.');
  if (asked.length > MAX_MESSAGES || chars > MAX_CHARS) {
    throw new Error(`At most ${MAX_MESSAGES} messages of ${MAX_CHARS} characters together are answered.`);
  }
  return { system, messages: asked };
}

function messageOf(message: JsonValue): LentRequest['messages'][number] {
  const { role, content } = isJsonObject(message) ? message : {};
  const parts = Array.isArray(content) ? content : content === undefined ? [] : [content];
  const texts = parts.map((part) => {
    if (isJsonObject(part) && part['type'] === 'text' && typeof part['text'] === 'string') return part['text'];
    throw new Error('Only text can be asked.');
  });
  return { role: role === 'assistant' ? 'assistant' : 'user', text: texts.join('\n') };
}
