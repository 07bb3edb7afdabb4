import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';

const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
/** What holds one schema, a list of them, or a map of them. */
const INNER = new Set(['items', 'additionalProperties', 'prefixItems', 'anyOf', 'oneOf', 'allOf']);
const INNER_MAPS = new Set(['properties', '$defs']);
const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];
const LENGTHS = ['minLength', 'maxLength', 'minItems', 'maxItems'];
/** They demand nothing. */
const NOTES = [
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$schema',
  '$id',
  '$comment',
];
const WORDS = new Set(['type', 'enum', 'const', 'required'].concat(BOUNDS, LENGTHS, NOTES));

/**
 * Why answers cannot be graded by this JSON Schema, in a sentence; null where they can. A word that the grader passes over
 * would let wrong answers count as right, so that it is refused before anything is paid for.
 */
export function findSchemaFault(schema: JsonObject): string | null {
  return visit(schema, 'schema', schema['$defs'] ?? null);
}

function visit(schema: JsonValue, at: string, definitions: JsonValue): string | null {
  if (typeof schema === 'boolean') return null;
  if (!isJsonObject(schema)) return `"${at}" is no JSON Schema: a map of its words is expected.`;
  const { type } = schema;
  const wrong = (Array.isArray(type) ? type : type === undefined ? [] : [type]).find(
    (each) => !TYPES.some((known) => known === each),
  );
  if (wrong !== undefined) return `"${at}.type" knows ${TYPES.join(', ')}, and not ${JSON.stringify(wrong)}.`;
  return firstOf(schema, (word, value) => visitWord(word, value, `${at}.${word}`, definitions));
}

function visitWord(word: string, value: JsonValue, at: string, definitions: JsonValue): string | null {
  if (WORDS.has(word)) return null;
  if (word === '$ref') return referenceFault(value, at, definitions);
  const isMap = INNER_MAPS.has(word);
  if (!isMap && !INNER.has(word))
    return `"${at}": this word of JSON Schema is not checked, so wrong answers would count as right.`;
  if (isMap && !isJsonObject(value)) return `"${at}" must be a map of schemas.`;
  if (!isMap && !Array.isArray(value)) return visit(value, at, definitions);
  return firstOf(value, (name, inner) => visit(inner, `${at}.${name}`, definitions));
}

/** The only ones that are followed. */
function referenceFault(value: JsonValue, at: string, definitions: JsonValue): string | null {
  const name = typeof value === 'string' && value.startsWith('#/$defs/') ? value.slice('#/$defs/'.length) : '';
  if (isJsonObject(definitions) && Object.hasOwn(definitions, name)) return null;
  return `"${at}" must be "#/$defs/" and a name that stands in "schema.$defs".`;
}

function firstOf(value: JsonValue, faultOf: (name: string, inner: JsonValue) => string | null): string | null {
  for (const [name, inner] of Object.entries(value ?? {})) {
    const fault = faultOf(name, inner as JsonValue);
    if (fault !== null) return fault;
  }
  return null;
}
