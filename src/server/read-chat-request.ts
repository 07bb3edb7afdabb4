import { isJsonObject, type JsonObject, type JsonValue } from '../events/json.ts';
import { readCommon, readText, refusal, refuseUnsupported, type Asked, type Said } from './asked.ts';

/** Reads the body of `POST /v1/chat/completions`. Throws an HttpRefusal that names the parameter. */
export function readChatRequest(body: JsonObject): Asked {
  refuseUnsupported(body);
  const { messages, stream_options: options } = body;
  if (!Array.isArray(messages) || messages.length === 0)
    throw refusal('messages', 'messages must be a list with at least one message.');
  const asked = readCommon(body, messages.map(readMessage), 'messages');
  return { ...asked, includeUsage: isJsonObject(options) && options['include_usage'] === true };
}

function readMessage(message: JsonValue, index: number): Said {
  const param = `messages[${index}]`;
  if (!isJsonObject(message)) throw refusal(param, `${param} must be an object.`);
  const calls = message['tool_calls'];
  if ((Array.isArray(calls) && calls.length > 0) || isJsonObject(message['function_call']))
    throw refusal(`${param}.tool_calls`, `${param} holds calls of tools; only text can be passed to a team.`);
  const text = readText(message['content'], `${param}.content`);
  switch (message['role']) {
    case 'system':
    case 'developer':
      return { role: 'system', text };
    case 'user':
      return { role: 'user', text };
    case 'assistant':
      return { role: 'assistant', text };
    default:
      throw refusal(`${param}.role`, `${param}.role must be system, developer, user or assistant.`);
  }
}
