import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import { arrayAt, objectAt, stringAt } from './json-fields.ts';
import { lookUp } from './schema-parts.ts';
import { describe, inWords } from './schema-words.ts';

/** Where a vendor's strict schemas differ. */
export interface StrictDialect {
  /** Every property must be required (OpenAI): what may be left out becomes nullable instead. */
  requiresAll: boolean;
  /** Keywords that are taken beside those of every dialect. All others go into the description. */
  limits: readonly string[];
  formats: readonly string[];
  /** Schemas may contain themselves. */
  canRecur: boolean;
}

const FORMATS = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'];

export const OPENAI_STRICT: StrictDialect = {
  requiresAll: true,
  limits: [
    'pattern',
    'multipleOf',
    'minimum',
    'maximum',
    'exclusiveMinimum',
    'exclusiveMaximum',
    'minItems',
    'maxItems',
  ],
  formats: FORMATS,
  canRecur: true,
};
export const ANTHROPIC_STRICT: StrictDialect = {
  requiresAll: false,
  limits: [],
  formats: [...FORMATS, 'uri'],
  canRecur: false,
};

/** Keywords that every dialect takes. */
const COMMON = ['type', 'enum', 'const', 'properties', 'required', 'additionalProperties', 'items', 'anyOf', '$ref'];
const DEFINITIONS = ['$defs', 'definitions'];

/** Keywords that no strict dialect takes and that change its shape. A schema that needs one of them stays as it is. */
const UNSUPPORTED = [
  'allOf',
  'not',
  'if',
  'then',
  'else',
  'patternProperties',
  'propertyNames',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedProperties',
  'prefixItems',
  'contains',
];

const MAX_DEPTH = 32;

/**
 * The schema in the form that a provider can hold its model to: no object takes more than its properties. Keywords
 * that it refuses are said in words. Null where that would change what the schema allows, such as for objects with
 * free keys; it is then used without being strict.
 */
export function strictSchema(schema: JsonObject, dialect: StrictDialect): JsonObject | null {
  // The arguments themselves are one plain object.
  if (schema.anyOf !== undefined || schema.oneOf !== undefined || schema.$ref !== undefined) return null;
  if (!dialect.canRecur && recurs(schema, schema, [], new Set())) return null;
  const strict = convert(schema, dialect, 0, schema);
  return strict !== null && isJsonObject(strict) ? strict : null;
}

function convert(schema: JsonValue, dialect: StrictDialect, depth: number, root: JsonObject): JsonValue | null {
  if (!isJsonObject(schema) || depth > MAX_DEPTH || UNSUPPORTED.some((word) => word in schema)) return null;
  if (schema.anyOf !== undefined && schema.oneOf !== undefined) return null;
  const out: JsonObject = {};
  const rest: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    const keyword = key === 'oneOf' ? 'anyOf' : key;
    const isTaken = COMMON.includes(keyword) || DEFINITIONS.includes(key) || dialect.limits.includes(key);
    if (isTaken || (key === 'format' && typeof value === 'string' && dialect.formats.includes(value)))
      out[keyword] = value;
    else rest[key] = value;
  }
  Object.assign(out, describe(schema, inWords(rest, root)));
  for (const key of DEFINITIONS) {
    const group = objectAt(schema, key);
    const inner = group && convertAll(group, dialect, depth + 1, root);
    if (group && !inner) return null;
    if (inner) out[key] = inner;
  }
  const choices = arrayAt(out, 'anyOf').map((choice) => convert(choice, dialect, depth + 1, root));
  if (choices.includes(null)) return null;
  if (choices.length > 0) out.anyOf = choices;
  if (out.items !== undefined) {
    const items = convert(out.items, dialect, depth + 1, root);
    if (items === null) return null;
    out.items = items;
  }
  if (isObjectSchema(schema)) return closeObject(schema, out, dialect, depth, root);
  // Nothing may stand beside a reference.
  const { $ref: ref, ...beside } = out;
  return ref !== undefined && Object.keys(beside).length > 0 ? { ...beside, anyOf: [{ $ref: ref }] } : out;
}

/** True when some reference leads back into what it lies in. `finite` holds those that are known not to. */
function recurs(schema: JsonValue, root: JsonObject, open: readonly string[], finite: Set<string>): boolean {
  if (Array.isArray(schema)) return schema.some((item) => recurs(item, root, open, finite));
  if (!isJsonObject(schema)) return false;
  const ref = stringAt(schema, '$ref');
  if (ref !== null && !finite.has(ref)) {
    const target = lookUp(root, ref);
    if (target === root || open.includes(ref) || open.length > MAX_DEPTH) return true;
    if (target && recurs(target, root, [...open, ref], finite)) return true;
    finite.add(ref);
  }
  return Object.entries(schema).some(([key, value]) => !DEFINITIONS.includes(key) && recurs(value, root, open, finite));
}

function isObjectSchema(schema: JsonObject): boolean {
  return (
    schema.type === 'object' || arrayAt(schema, 'type').includes('object') || objectAt(schema, 'properties') !== null
  );
}

function closeObject(
  schema: JsonObject,
  out: JsonObject,
  dialect: StrictDialect,
  depth: number,
  root: JsonObject,
): JsonObject | null {
  const properties = objectAt(schema, 'properties') ?? {};
  const more = schema.additionalProperties;
  // Free keys are what such an object is for.
  if (isJsonObject(more) || more === true) return null;
  if (Object.keys(properties).length === 0 && more === undefined && depth > 0) return null;
  const inner = convertAll(properties, dialect, depth + 1, root);
  if (!inner) return null;
  const required = arrayAt(schema, 'required');
  const names = Object.keys(inner);
  // A closed object could never have it.
  if (required.some((name) => typeof name !== 'string' || !names.includes(name))) return null;
  if (dialect.requiresAll) {
    for (const name of names) if (!required.includes(name)) inner[name] = nullable(inner[name] ?? {});
  }
  return {
    ...out,
    properties: inner,
    required: dialect.requiresAll ? names : required,
    additionalProperties: false,
  };
}

function convertAll(schemas: JsonObject, dialect: StrictDialect, depth: number, root: JsonObject): JsonObject | null {
  const out: JsonObject = {};
  for (const [name, schema] of Object.entries(schemas)) {
    const strict = convert(schema, dialect, depth, root);
    if (strict === null) return null;
    out[name] = strict;
  }
  return out;
}

function nullable(schema: JsonValue): JsonValue {
  if (!isJsonObject(schema)) return schema;
  const { type } = schema;
  const values = Array.isArray(schema.enum) && !schema.enum.includes(null) ? { enum: [...schema.enum, null] } : {};
  if (typeof type === 'string') return type === 'null' ? schema : { ...schema, ...values, type: [type, 'null'] };
  if (Array.isArray(type)) return type.includes('null') ? schema : { ...schema, ...values, type: [...type, 'null'] };
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  const { description, ...rest } = schema;
  return { ...(description !== undefined && { description }), anyOf: [rest, { type: 'null' }] };
}
