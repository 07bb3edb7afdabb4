import { isJsonObject, type JsonObject } from '../../events/json.ts';
import { arrayAt, objectAt, stringAt } from '../wire/json-fields.ts';
import type { StreamedEvent } from '../wire/model-call.ts';

type BuiltinUse = Extract<StreamedEvent, { type: 'builtin-tool' }>;

/** The use of a provider-side tool that an output item tells of; null for an item that is none. */
export function builtinToolOf(item: JsonObject): BuiltinUse | null {
  const type = stringAt(item, 'type') ?? '';
  if (type === '') return null;
  const name = type.startsWith('mcp_call') ? (stringAt(item, 'name') ?? type) : type.replace(/_call$/, '');
  const status = stringAt(item, 'status');
  const action = stringAt(objectAt(item, 'action'), 'type');
  const container = stringAt(item, 'container_id');
  return {
    type: 'builtin-tool',
    name,
    detail: detailOf(item),
    itemType: type,
    ...(status !== null && { status }),
    // Only searches are charged, not the pages that are opened after them.
    ...((action === 'open_page' || action === 'find_in_page') && { isFree: true }),
    ...(container !== null && { container }),
  };
}

/** What came of that use, as far as the same item tells. */
export function builtinResultOf(item: JsonObject, name: string): StreamedEvent {
  const error = stringAt(objectAt(item, 'error'), 'message') ?? stringAt(item, 'error');
  const isError = error !== null || stringAt(item, 'status') === 'failed';
  const parts = [
    error,
    stringAt(item, 'output'),
    stringAt(item, 'result') !== null && item.type === 'program_output' ? stringAt(item, 'result') : null,
    // A picture that came whole is told of as a file.
    ...arrayAt(item, 'outputs').map((out) => stringAt(out, 'logs') ?? addressOf(stringAt(out, 'url'))),
    ...arrayAt(item, 'output').flatMap((out) => [stringAt(out, 'stdout'), stringAt(out, 'stderr')]),
    ...arrayAt(item, 'results').map((found) => stringAt(found, 'filename') ?? stringAt(found, 'url')),
    ...arrayAt(objectAt(item, 'action'), 'sources').map((source) => stringAt(source, 'url')),
    ...arrayAt(item, 'tools').map((tool) => stringAt(tool, 'name')),
  ];
  const output = parts.filter((part) => part !== null && part !== '').join('\n');
  return { type: 'builtin-result', name, output, isError };
}

function addressOf(url: string | null): string | null {
  return url?.startsWith('data:') === true ? null : url;
}

function detailOf(item: JsonObject): string {
  const action = objectAt(item, 'action');
  const queries = [...arrayAt(item, 'queries'), ...arrayAt(action, 'queries')].filter((q) => typeof q === 'string');
  return (
    stringAt(action, 'query') ??
    (queries.length > 0 ? queries.join(', ') : null) ??
    stringAt(action, 'url') ??
    wordsOf(action, 'commands') ??
    wordsOf(action, 'command') ??
    patchOf(item) ??
    actionsOf(item) ??
    stringAt(item, 'code') ??
    stringAt(item, 'arguments') ??
    (objectAt(item, 'arguments') && JSON.stringify(item.arguments)) ??
    stringAt(item, 'revised_prompt') ??
    stringAt(item, 'server_label') ??
    ''
  );
}

function wordsOf(action: JsonObject | null, key: string): string | null {
  const words = arrayAt(action, key).filter((word) => typeof word === 'string');
  return words.length === 0 ? null : words.join(key === 'commands' ? '\n' : ' ');
}

function patchOf(item: JsonObject): string | null {
  const operation = objectAt(item, 'operation');
  return operation && [stringAt(operation, 'type'), stringAt(operation, 'path')].filter(Boolean).join(' ');
}

/** What a model does with a computer, one action after the other. */
function actionsOf(item: JsonObject): string | null {
  if (item.type !== 'computer_call') return null;
  const actions = [...arrayAt(item, 'actions'), item.action ?? null].filter(isJsonObject);
  return actions.map((action) => JSON.stringify(action)).join(' ');
}
