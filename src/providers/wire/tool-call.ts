import { isJsonObject, type JsonObject } from '../../events/json.ts';
import type { Message, ToolCall } from '../../events/message.ts';
import { parseJson } from './json-fields.ts';

/** The arguments of a call as an object; null when the text is no whole JSON object. No text at all means no arguments. */
export function parseArguments(raw: string): JsonObject | null {
  if (raw.trim() === '') return {};
  const value = parseJson(raw);
  if (isJsonObject(value)) return value;
  // Some servers encode the object twice.
  const inner = typeof value === 'string' ? parseJson(value) : null;
  return isJsonObject(inner) ? inner : null;
}

export function createToolCall(id: string, name: string, raw: string): ToolCall {
  return { id, name, args: parseArguments(raw), rawArgs: raw };
}

/** The arguments as JSON text that any server can parse, whatever the model wrote. */
export function argumentsText(call: ToolCall): string {
  return JSON.stringify(call.args ?? {});
}

/**
 * Gives out ids for new calls that are unique in their conversation. Servers may send none (Gemini), or count from
 * zero in every reply; an id that is free is kept.
 */
export function createCallIds(messages: readonly Message[]): (wanted: string | null) => string {
  const used = new Set<string>();
  for (const message of messages) {
    if (message.role === 'assistant') for (const call of message.calls) used.add(call.id);
  }
  return (wanted) => {
    const base = wanted === null || wanted === '' ? 'call' : wanted;
    let id = base === 'call' ? 'call_1' : base;
    for (let n = 2; used.has(id); n += 1) id = `${base}_${n}`;
    used.add(id);
    return id;
  };
}
