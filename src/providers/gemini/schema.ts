import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import { arrayAt, objectAt, stringAt } from '../wire/json-fields.ts';
import { bothOf, isNullSchema, lookUp, plainRoot } from '../wire/schema-parts.ts';
import { describe, inWords } from '../wire/schema-words.ts';

/** Keywords that Gemini's schema shares with JSON Schema, and what they must hold. */
const KEPT: Readonly<Record<string, 'number' | 'string'>> = {
  minimum: 'number',
  maximum: 'number',
  minItems: 'number',
  maxItems: 'number',
  minLength: 'number',
  maxLength: 'number',
  pattern: 'string',
};
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  STRING: ['enum', 'date-time'],
  NUMBER: ['float', 'double'],
  INTEGER: ['int32', 'int64'],
};
const TYPES = ['STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT'];
/** A choice that has none of these only narrows what stands beside it. */
const SHAPES = ['type', 'properties', 'items', '$ref', 'enum', 'const', 'anyOf', 'oneOf', 'allOf'];
const MAX_DEPTH = 16;
/** References can make a small schema huge. What lies beyond this many parts is said in words, and not all of it. */
const MAX_PARTS = 2000;
const MAX_CUT_CHARS = 200;

interface Source {
  root: JsonObject;
  partsLeft: number;
}

/** Where in the arguments a part stands, and what is being written out around it. */
interface Place {
  /** `tree.children[]`; empty for the arguments as a whole. */
  path: string;
  depth: number;
  /** References that this part lies in, with the path of what they stand for. */
  open: ReadonlyMap<string, string>;
}

/**
 * Writes a JSON Schema as the schema of a Gemini function, which knows a part of it. Local references are put in
 * place; one that leads back to what it lies in names that by its path. `allOf` is merged, null types become
 * `nullable`, a choice stands alone, as Vertex AI wants it. What has no place there stays, as words, in the description
 * of its part. `title` is used where there is no description; `additionalProperties: false` is what Gemini means
 * anyway. Never throws.
 */
export function geminiSchema(schema: JsonObject): JsonObject {
  const { schema: plain, words } = plainRoot(schema);
  const place: Place = { path: '', depth: 0, open: new Map([['#', '']]) };
  const out = convert(plain, { root: schema, partsLeft: MAX_PARTS }, place);
  return { ...out, ...describe(out, inWords(words, schema)) };
}

function convert(schema: JsonValue, source: Source, place: Place): JsonObject {
  source.partsLeft -= 1;
  if (schema === false) return { type: 'STRING', description: '(nothing is allowed here)' };
  if (!isJsonObject(schema)) return { type: 'STRING', description: '(any value)' };
  if (place.depth > MAX_DEPTH || source.partsLeft < 0) return cut(schema);
  const ref = stringAt(schema, '$ref');
  if (ref !== null) return convertReference(schema, ref, source, place);
  if (Array.isArray(schema.allOf)) {
    const { allOf, ...rest } = schema;
    const parts = allOf.filter(isJsonObject);
    const merged = parts.reduce((all, part) => bothOf(all, part), rest);
    return convert(merged, source, { ...place, depth: place.depth + 1 });
  }
  return convertChoice(schema, source, place);
}

function convertReference(
  { $ref: _ref, ...beside }: JsonObject,
  ref: string,
  source: Source,
  place: Place,
): JsonObject {
  const target = lookUp(source.root, ref);
  if (!target) return convert({ type: 'object', ...beside, reference: ref }, source, place);
  const around = place.open.get(ref);
  if (around !== undefined) {
    const type = typeOf(target);
    const again = `(the same form as ${around === '' ? 'all arguments together' : around})`;
    return {
      type: type === 'STRING' ? 'OBJECT' : type,
      ...(type === 'ARRAY' && { items: { type: 'OBJECT' } }),
      ...describe(beside, again, inWords(beside, source.root)),
    };
  }
  const open = new Map([...place.open, [ref, place.path]]);
  return convert(bothOf(beside, target), source, { ...place, depth: place.depth + 1, open });
}

/** A choice of schemas, or of types; null among them makes the rest nullable. */
function convertChoice(schema: JsonObject, source: Source, place: Place): JsonObject {
  const union = ['anyOf', 'oneOf'].find((word) => arrayAt(schema, word).length > 0) ?? null;
  const types = arrayAt(schema, 'type');
  const isOfTypes = union === null && types.length > 0;
  const choices = union !== null ? arrayAt(schema, union) : types.map((type) => ({ type }));
  if (choices.length === 0) return convertPlain(schema, source, place);
  const { [union ?? 'type']: _choice, ...outer } = schema;
  const real = choices.filter((choice) => !isNullSchema(choice));
  const isNullable = real.length < choices.length;
  const onlyNarrows = real.every((choice) => isJsonObject(choice) && !SHAPES.some((word) => word in choice));
  if (real.length === 0) return { type: 'STRING', nullable: true, ...describe(outer, '(always null)') };
  const deeper = { ...place, depth: place.depth + 1 };
  const asNullable = (part: JsonObject): JsonObject => (isNullable ? nullable(part) : part);
  if (real.length > 1 && onlyNarrows && !isOfTypes) {
    const part = convert(outer, source, deeper);
    return asNullable(addWords(part, inWords({ [union ?? 'anyOf']: real }, source.root)));
  }
  const parts = real.map((choice) =>
    asNullable(convert(isJsonObject(choice) ? bothOf(outer, choice) : choice, source, deeper)),
  );
  const [only] = parts;
  return parts.length === 1 && only ? only : { anyOf: parts.flatMap((part) => choicesOf(part)) };
}

/** A choice within a choice is one choice. */
function choicesOf(part: JsonObject): JsonObject[] {
  const inner = arrayAt(part, 'anyOf').filter(isJsonObject);
  return inner.length > 0 ? inner : [part];
}

function nullable(part: JsonObject): JsonObject {
  const inner = arrayAt(part, 'anyOf').filter(isJsonObject);
  return inner.length > 0 ? { anyOf: inner.map(nullable) } : { ...part, nullable: true };
}

/** Nothing may stand beside a choice, so that its words go to each part of it. */
function addWords(part: JsonObject, words: string | null): JsonObject {
  const inner = arrayAt(part, 'anyOf').filter(isJsonObject);
  return inner.length > 0
    ? { anyOf: inner.map((each) => addWords(each, words)) }
    : { ...part, ...describe(part, words) };
}

function convertPlain(schema: JsonObject, source: Source, place: Place): JsonObject {
  const type = typeOf(schema);
  const out: JsonObject = { type };
  const { nullable: wasNullable, ...rest } = schema;
  if (stringAt(schema, 'type')?.toUpperCase() === type) delete rest.type;
  for (const [keyword, kind] of Object.entries(KEPT)) {
    const value = schema[keyword];
    if (value === undefined || typeof value !== kind) continue;
    out[keyword] = value;
    delete rest[keyword];
  }
  const format = stringAt(schema, 'format');
  if (format !== null && FORMATS[type]?.includes(format)) {
    out.format = format;
    delete rest.format;
  }
  const values = arrayAt(schema, 'enum');
  if (wasNullable === true || values.includes(null)) out.nullable = true;
  if (type === 'STRING') takeValues(schema, rest, out);
  if (type === 'ARRAY') takeItems(schema, rest, out, source, place);
  if (type === 'OBJECT') takeProperties(schema, rest, out, source, place);
  if (rest.additionalProperties === false) delete rest.additionalProperties;
  const isAny = Object.keys(rest).every((word) => word === 'description' || word === 'title') && !saysType(schema);
  return { ...out, ...describe(schema, isAny ? '(any value)' : null, inWords(rest, source.root)) };
}

function saysType(schema: JsonObject): boolean {
  return ['type', 'properties', 'items', 'enum', 'const', ...Object.keys(KEPT)].some((word) => word in schema);
}

/** Gemini knows lists of texts, none of them empty. */
function takeValues(schema: JsonObject, rest: JsonObject, out: JsonObject): void {
  const key = 'const' in schema ? 'const' : 'enum';
  const values = (key === 'const' ? [schema.const ?? null] : arrayAt(schema, key)).filter((value) => value !== null);
  if (values.length === 0 || !values.every((value) => typeof value === 'string' && value !== '')) return;
  out.enum = values;
  delete rest[key];
}

function takeItems(schema: JsonObject, rest: JsonObject, out: JsonObject, source: Source, place: Place): void {
  const inner: Place = { ...place, path: `${place.path}[]`, depth: place.depth + 1 };
  const tuple = Array.isArray(schema.items) ? schema.items : arrayAt(schema, 'prefixItems');
  // Which form belongs to which place is said in words.
  if (tuple.length > 0) out.items = convert({ anyOf: tuple }, source, inner);
  else {
    out.items = convert(schema.items ?? true, source, inner);
    delete rest.items;
  }
}

function takeProperties(schema: JsonObject, rest: JsonObject, out: JsonObject, source: Source, place: Place): void {
  const properties = Object.entries(objectAt(schema, 'properties') ?? {});
  delete rest.properties;
  if (properties.length > 0) {
    const prefix = place.path === '' ? '' : `${place.path}.`;
    out.properties = Object.fromEntries(
      properties.map(([name, value]) => [
        name,
        convert(value, source, { ...place, path: `${prefix}${name}`, depth: place.depth + 1 }),
      ]),
    );
  }
  const known = arrayAt(schema, 'required').filter((name) => properties.some(([property]) => property === name));
  if (known.length > 0) out.required = known;
  // A name without a schema is refused there.
  const unknown = arrayAt(schema, 'required').filter((name) => !known.includes(name));
  if (unknown.length > 0) rest.required = unknown;
  else delete rest.required;
}

/** A part that lies too deep. */
function cut(schema: JsonObject): JsonObject {
  const whole = JSON.stringify(schema);
  const shown = whole.length > MAX_CUT_CHARS ? `${whole.slice(0, MAX_CUT_CHARS)}…` : whole;
  return { type: 'OBJECT', description: `(in JSON Schema: ${shown})` };
}

function typeOf(schema: JsonObject): string {
  const type = stringAt(schema, 'type')?.toUpperCase() ?? '';
  if (TYPES.includes(type)) return type;
  if (objectAt(schema, 'properties')) return 'OBJECT';
  if (schema.items !== undefined || schema.prefixItems !== undefined) return 'ARRAY';
  const value = 'const' in schema ? schema.const : arrayAt(schema, 'enum').find((v) => v !== null);
  if (typeof value === 'number') return Number.isInteger(value) ? 'INTEGER' : 'NUMBER';
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (value === undefined && ('minimum' in schema || 'maximum' in schema)) return 'NUMBER';
  return 'STRING';
}
