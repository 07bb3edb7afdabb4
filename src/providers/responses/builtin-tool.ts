import type { JsonObject } from '../../events/json.ts';
import { arrayAt, objectAt, stringAt } from '../wire/json-fields.ts';
import type { StreamedEvent } from '../wire/model-call.ts';

/** The use of a provider-side tool that an output item tells of; null for an item that is none. */
export function builtinToolOf(item: JsonObject): StreamedEvent | null {
  const type = stringAt(item, 'type') ?? '';
  if (type === '') return null;
  const name = type.startsWith('mcp_call') ? (stringAt(item, 'name') ?? type) : type.replace(/_call$/, '');
  const status = stringAt(item, 'status');
  return { type: 'builtin-tool', name, detail: detailOf(item), itemType: type, ...(status !== null && { status }) };
}

function detailOf(item: JsonObject): string {
  const action = objectAt(item, 'action');
  const queries = [...arrayAt(item, 'queries'), ...arrayAt(action, 'queries')].filter((q) => typeof q === 'string');
  return (
    stringAt(action, 'query') ??
    (queries.length > 0 ? queries.join(', ') : null) ??
    stringAt(action, 'url') ??
    stringAt(item, 'code') ??
    stringAt(item, 'arguments') ??
    stringAt(item, 'revised_prompt') ??
    stringAt(item, 'server_label') ??
    ''
  );
}
