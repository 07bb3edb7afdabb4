import type { BackendSpec } from '../../config/team.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import type { ToolSpec } from '../../events/message.ts';
import type { ModelRequest } from '../provider.ts';
import { arrayAt, objectAt } from './json-fields.ts';
import type { StreamedEvent, WireReader } from './model-call.ts';

/** The reader for a request with strict tools; the same one where no tool is strict. */
export function forTools({ features }: BackendSpec, { tools }: ModelRequest, reader: WireReader): WireReader {
  return features?.strictTools === true ? droppingNulls(reader, tools) : reader;
}

/**
 * Takes the nulls out of calls that stand for arguments which were left out: where every property is required, a model
 * can leave nothing out otherwise. Tools then see the arguments that their own schema describes.
 */
function droppingNulls(reader: WireReader, tools: readonly ToolSpec[]): WireReader {
  const schemas = new Map(tools.map((tool) => [tool.name, tool.parameters]));
  const mend = (events: StreamedEvent[]): StreamedEvent[] => {
    for (const event of events) {
      if (event.type !== 'tool-call' || !event.call.args) continue;
      const schema = schemas.get(event.call.name);
      // In place: the finished message holds the same call.
      if (schema) event.call.args = dropNulls(event.call.args, schema);
    }
    return events;
  };
  return {
    ...reader,
    read: (event) => mend(reader.read(event)),
    finish() {
      const reply = reader.finish();
      mend(reply.rest);
      return reply;
    },
  };
}

function dropNulls(args: JsonObject, schema: JsonObject): JsonObject {
  const properties = objectAt(schema, 'properties') ?? {};
  const required = arrayAt(schema, 'required');
  const kept: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(args)) {
    const inner = properties[name];
    if (value === null && isJsonObject(inner) && !required.includes(name)) continue;
    kept.push([name, isJsonObject(inner) ? dropInside(value, inner) : value]);
  }
  return Object.fromEntries(kept);
}

function dropInside(value: JsonValue, schema: JsonObject): JsonValue {
  if (isJsonObject(value)) return dropNulls(value, schema);
  const items = objectAt(schema, 'items');
  return Array.isArray(value) && items ? value.map((item) => dropInside(item, items)) : value;
}
