import { isJsonObject, type JsonObject, type JsonValue } from '../events/json.ts';
import { readCommon, readText, refusal, refuseUnsupported, type Asked, type Said } from './asked.ts';

/** Reads the body of `POST /v1/responses`. Throws an HttpRefusal that names the parameter. */
export function readResponsesRequest(body: JsonObject): Asked {
  refuseUnsupported(body);
  const { input, instructions } = body;
  if (instructions !== undefined && instructions !== null && typeof instructions !== 'string')
    throw refusal('instructions', 'instructions must be a text.');
  const said: Said[] = typeof instructions === 'string' ? [{ role: 'system', text: instructions }] : [];
  if (typeof input === 'string') said.push({ role: 'user', text: input });
  else if (Array.isArray(input)) said.push(...input.flatMap(readItem));
  else throw refusal('input', 'input must be a text or a list of messages.');
  return readCommon(body, said, 'input');
}

function readItem(item: JsonValue, index: number): Said[] {
  const param = `input[${index}]`;
  if (!isJsonObject(item)) throw refusal(param, `${param} must be an object.`);
  // What this server itself sent as the story of a run; it is no part of the conversation.
  if (item['type'] === 'reasoning') return [];
  if (item['type'] !== undefined && item['type'] !== 'message')
    throw refusal(`${param}.type`, `${param}: only messages can be passed to a team.`);
  const text = readText(item['content'], `${param}.content`);
  switch (item['role']) {
    case 'system':
    case 'developer':
      return [{ role: 'system', text }];
    case 'user':
      return [{ role: 'user', text }];
    case 'assistant':
      return [{ role: 'assistant', text }];
    default:
      throw refusal(`${param}.role`, `${param}.role must be system, developer, user or assistant.`);
  }
}
