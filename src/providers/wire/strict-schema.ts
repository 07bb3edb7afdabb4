import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import { arrayAt, objectAt, stringAt } from './json-fields.ts';

/** Where a vendor's strict schemas differ. */
export interface StrictDialect {
  /** Every property must be required (OpenAI): what may be left out becomes nullable instead. */
  requiresAll: boolean;
  /** Limits of numbers, texts and lists are refused (Anthropic): they go into the description. */
  refusesLimits: boolean;
}

export const OPENAI_STRICT: StrictDialect = { requiresAll: true, refusesLimits: false };
export const ANTHROPIC_STRICT: StrictDialect = { requiresAll: false, refusesLimits: true };

/** Keywords that no strict dialect takes. A schema that needs one of them stays as it is. */
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

const LIMITS = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
];

const MAX_DEPTH = 32;

/**
 * The schema in the form that a provider can hold its model to: no object takes more than its properties. Null where
 * that would change what the schema allows, such as for objects with free keys; it is then used without being strict.
 */
export function strictSchema(schema: JsonObject, dialect: StrictDialect): JsonObject | null {
  const strict = convert(schema, dialect, 0);
  return strict !== null && isJsonObject(strict) ? strict : null;
}

function convert(schema: JsonValue, dialect: StrictDialect, depth: number): JsonValue | null {
  if (!isJsonObject(schema) || depth > MAX_DEPTH || UNSUPPORTED.some((word) => word in schema)) return null;
  const out: JsonObject = {};
  const notes: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'default' || key === '$schema' || key === 'title') continue;
    if (dialect.refusesLimits && LIMITS.includes(key)) notes.push(`${key}: ${JSON.stringify(value)}`);
    else out[key === 'oneOf' ? 'anyOf' : key] = value;
  }
  if (notes.length > 0)
    out.description = [stringAt(schema, 'description'), `(${notes.join(', ')})`].filter(Boolean).join(' ');
  for (const key of ['$defs', 'definitions']) {
    const group = objectAt(schema, key);
    const inner = group && convertAll(group, dialect, depth + 1);
    if (group && !inner) return null;
    if (inner) out[key] = inner;
  }
  const choices = arrayAt(out, 'anyOf').map((choice) => convert(choice, dialect, depth + 1));
  if (choices.includes(null)) return null;
  if (choices.length > 0) out.anyOf = choices;
  if (out.items !== undefined) {
    const items = convert(out.items, dialect, depth + 1);
    if (items === null) return null;
    out.items = items;
  }
  return isObjectSchema(schema) ? closeObject(schema, out, dialect, depth) : out;
}

function isObjectSchema(schema: JsonObject): boolean {
  return (
    schema.type === 'object' || arrayAt(schema, 'type').includes('object') || objectAt(schema, 'properties') !== null
  );
}

function closeObject(schema: JsonObject, out: JsonObject, dialect: StrictDialect, depth: number): JsonObject | null {
  const properties = objectAt(schema, 'properties') ?? {};
  const more = schema.additionalProperties;
  // Free keys are what such an object is for.
  if (isJsonObject(more) || more === true) return null;
  if (Object.keys(properties).length === 0 && more === undefined && depth > 0) return null;
  const inner = convertAll(properties, dialect, depth + 1);
  if (!inner) return null;
  const required = arrayAt(schema, 'required');
  const names = Object.keys(inner);
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

function convertAll(schemas: JsonObject, dialect: StrictDialect, depth: number): JsonObject | null {
  const out: JsonObject = {};
  for (const [name, schema] of Object.entries(schemas)) {
    const strict = convert(schema, dialect, depth);
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
