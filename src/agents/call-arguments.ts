import type { JsonValue } from '../events/json.ts';
import type { AssistantMessage } from '../events/message.ts';

/** The arguments of the call of that tool; from a model that cannot call tools, the JSON that it wrote. Else null. */
export function callArguments({ calls, text }: AssistantMessage, tool: string): JsonValue {
  const call = calls.find(({ name, args }) => name === tool && args !== null);
  if (call) return call.args;
  try {
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as JsonValue;
  } catch {
    return null;
  }
}
