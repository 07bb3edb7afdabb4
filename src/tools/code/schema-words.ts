import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';

/** One argument of a tool, as its schema has it. */
export interface ArgumentInfo {
  name: string;
  schema: JsonObject;
  isNeeded: boolean;
  description: string;
}

/** Needed ones first, else in the schema's order. */
export function argumentsOf({ properties, required }: JsonObject): ArgumentInfo[] {
  if (properties === undefined || !isJsonObject(properties)) return [];
  const needed = new Set(Array.isArray(required) ? required : []);
  const all = Object.entries(properties).map(([name, value]): ArgumentInfo => {
    const schema = isJsonObject(value) ? value : {};
    const { description } = schema;
    return {
      name,
      schema,
      isNeeded: needed.has(name),
      description: typeof description === 'string' ? description : '',
    };
  });
  return all.toSorted((a, b) => Number(b.isNeeded) - Number(a.isNeeded));
}

export function choicesOf({ enum: choices }: JsonObject): JsonValue[] {
  return Array.isArray(choices) ? choices : [];
}
