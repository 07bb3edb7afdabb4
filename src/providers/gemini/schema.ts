import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import { arrayAt, objectAt, stringAt } from '../wire/json-fields.ts';

/** Keywords that Gemini's schema shares with JSON Schema. */
const KEPT = ['description', 'minimum', 'maximum', 'minItems', 'maxItems', 'minLength', 'maxLength', 'pattern'];
const FORMATS: Record<string, readonly string[]> = {
  STRING: ['enum', 'date-time'],
  NUMBER: ['float', 'double'],
  INTEGER: ['int32', 'int64'],
};
const MAX_DEPTH = 16;
/** References can make a small schema huge. What lies beyond this many parts becomes plain objects. */
const MAX_PARTS = 2000;

interface Source {
  root: JsonObject;
  partsLeft: number;
}

/**
 * Writes a JSON Schema as the schema of a Gemini function, which knows a part of it: local references are put in
 * place (those that never end become plain objects), `allOf` is merged, null types become `nullable`, and keywords that
 * Gemini refuses are left out. Never throws.
 */
export function geminiSchema(schema: JsonObject): JsonObject {
  return convert(schema, { root: schema, partsLeft: MAX_PARTS }, 0);
}

function convert(schema: JsonValue, source: Source, depth: number): JsonObject {
  source.partsLeft -= 1;
  if (!isJsonObject(schema) || depth > MAX_DEPTH || source.partsLeft < 0) return { type: 'OBJECT' };
  const whole = mergeAllOf(resolve(schema, source.root), source.root);
  const choices = [...arrayAt(whole, 'anyOf'), ...arrayAt(whole, 'oneOf'), ...typeChoices(whole)];
  const real = choices.filter((choice) => stringAt(choice, 'type') !== 'null');
  const isNullable = real.length < choices.length || whole.nullable === true;
  const note: JsonObject = {
    ...(stringAt(whole, 'description') !== null && { description: stringAt(whole, 'description') }),
    ...(isNullable && { nullable: true }),
  };
  if (real.length > 1) return { anyOf: real.map((choice) => convert(choice, source, depth + 1)), ...note };
  if (real.length === 1) {
    const { anyOf: _a, oneOf: _o, type: _t, ...outer } = whole;
    const only = real[0];
    return { ...convert({ ...outer, ...(isJsonObject(only) ? only : {}) }, source, depth + 1), ...note };
  }
  return { ...convertPlain(whole, source, depth), ...note };
}

function convertPlain(schema: JsonObject, source: Source, depth: number): JsonObject {
  const type = typeOf(schema);
  const out: JsonObject = { type };
  for (const key of KEPT) if (schema[key] !== undefined) out[key] = schema[key];
  const format = stringAt(schema, 'format');
  if (format !== null && FORMATS[type]?.includes(format)) out.format = format;
  const values = 'const' in schema ? [schema.const ?? null] : arrayAt(schema, 'enum').filter((v) => v !== null);
  if (values.length > 0 && type === 'STRING') out.enum = values.map(String);
  if (type === 'ARRAY')
    out.items = schema.items === undefined ? { type: 'STRING' } : convert(schema.items, source, depth + 1);
  if (type === 'OBJECT') {
    const properties = Object.entries(objectAt(schema, 'properties') ?? {});
    if (properties.length > 0) {
      out.properties = Object.fromEntries(properties.map(([name, value]) => [name, convert(value, source, depth + 1)]));
      const required = arrayAt(schema, 'required').filter((name) => properties.some(([known]) => known === name));
      if (required.length > 0) out.required = required;
    }
  }
  return out;
}

function typeOf(schema: JsonObject): string {
  const type = stringAt(schema, 'type')?.toUpperCase() ?? '';
  if (['STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT'].includes(type)) return type;
  if (objectAt(schema, 'properties')) return 'OBJECT';
  if (schema.items !== undefined) return 'ARRAY';
  const value = 'const' in schema ? schema.const : arrayAt(schema, 'enum').find((v) => v !== null);
  if (typeof value === 'number') return Number.isInteger(value) ? 'INTEGER' : 'NUMBER';
  return typeof value === 'boolean' ? 'BOOLEAN' : 'STRING';
}

/** `type: [string, null]` as a choice of types. */
function typeChoices(schema: JsonObject): JsonValue[] {
  const types = arrayAt(schema, 'type');
  const { type: _type, ...rest } = schema;
  return types.map((type) => (type === 'null' ? { type } : { ...rest, type }));
}

function resolve(schema: JsonObject, root: JsonObject): JsonObject {
  let current = schema;
  // A reference may lead to a reference; one that leads back to itself ends here.
  for (let hops = 0; hops < 8; hops += 1) {
    const ref = stringAt(current, '$ref');
    if (ref === null) return current;
    const { $ref: _ref, ...beside } = current;
    const target = ref.startsWith('#') ? lookUp(root, ref) : null;
    if (!target) return { type: 'object', ...beside };
    current = { ...target, ...beside };
  }
  return { type: 'object' };
}

function lookUp(root: JsonObject, ref: string): JsonObject | null {
  let at: JsonValue | undefined = root;
  for (const raw of ref.slice(1).split('/').slice(1)) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    at = isJsonObject(at) ? at[key] : undefined;
  }
  return isJsonObject(at) ? at : null;
}

function mergeAllOf(schema: JsonObject, root: JsonObject): JsonObject {
  const { allOf, ...rest } = schema;
  if (!Array.isArray(allOf)) return schema;
  let merged: JsonObject = rest;
  for (const part of allOf) {
    if (!isJsonObject(part)) continue;
    const { allOf: _nested, ...resolved } = resolve(part, root);
    const properties = { ...objectAt(merged, 'properties'), ...objectAt(resolved, 'properties') };
    const required = [...arrayAt(merged, 'required'), ...arrayAt(resolved, 'required')];
    merged = {
      ...resolved,
      ...merged,
      ...(Object.keys(properties).length > 0 && { properties }),
      ...(required.length > 0 && { required: [...new Set(required)] }),
    };
  }
  return merged;
}
