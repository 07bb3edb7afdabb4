import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import { arrayAt, objectAt, stringAt } from './json-fields.ts';

/** What a local reference (`#/$defs/name`) points at; null for one that leads elsewhere or nowhere. */
export function lookUp(root: JsonObject, ref: string): JsonObject | null {
  if (!ref.startsWith('#')) return null;
  let at: JsonValue | undefined = root;
  for (const raw of decoded(ref).slice(1).split('/').slice(1)) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    at = isJsonObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return isJsonObject(at) ? at : null;
}

function decoded(ref: string): string {
  try {
    return decodeURIComponent(ref);
  } catch {
    return ref;
  }
}

/** Where both of two schemas say something else under one keyword, and no common word is known. */
const CLASH = 'and also';

/**
 * One schema for values that fit both. Where both use a keyword differently, the first one's stays and the second
 * one's is kept under a keyword that no vendor knows, so that it ends in words.
 */
export function bothOf(first: JsonObject, second: JsonObject): JsonObject {
  const out: JsonObject = { ...first };
  const clashes: JsonObject = {};
  for (const [keyword, value] of Object.entries(second)) {
    const known = first[keyword];
    if (known === undefined || JSON.stringify(known) === JSON.stringify(value)) out[keyword] = value;
    else if (keyword === 'properties' && isJsonObject(known) && isJsonObject(value)) {
      out.properties = bothProperties(known, value);
    } else if (keyword === 'required' && Array.isArray(known) && Array.isArray(value)) {
      out.required = [...new Set([...known, ...value])];
    } else if (keyword === 'description')
      out.description = [known, value].filter((text) => typeof text === 'string').join(' ');
    else if (keyword === 'allOf' && Array.isArray(known) && Array.isArray(value)) out.allOf = [...known, ...value];
    else if (keyword === 'type' && known === 'number' && value === 'integer') out.type = value;
    else if (keyword === 'type' && known === 'integer' && value === 'number') continue;
    else if (keyword === 'additionalProperties' && value === true) continue;
    else if (keyword !== 'title' && keyword !== '$defs' && keyword !== 'definitions') clashes[keyword] = value;
  }
  if (Object.keys(clashes).length > 0) out[CLASH] = [...arrayAt(first, CLASH), ...arrayAt(second, CLASH), clashes];
  return out;
}

function bothProperties(first: JsonObject, second: JsonObject): JsonObject {
  const out: JsonObject = { ...first };
  for (const [name, schema] of Object.entries(second)) {
    const known = Object.hasOwn(first, name) ? first[name] : undefined;
    const both = isJsonObject(known) && isJsonObject(schema) ? bothOf(known, schema) : schema;
    Object.defineProperty(out, name, { value: both, writable: true, enumerable: true, configurable: true });
  }
  return out;
}

/** True for a schema that only null fits. */
export function isNullSchema(schema: JsonValue): boolean {
  if (!isJsonObject(schema)) return false;
  const values = arrayAt(schema, 'enum');
  return schema.type === 'null' || schema.const === null || (values.length > 0 && values.every((v) => v === null));
}

/** Keywords that vendors refuse at the top. */
const SAID: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'not', 'enum', 'const', 'if', 'then', 'else']);

/**
 * The schema of a tool's arguments as one plain object, which is all that vendors take at the top: properties of every
 * choice, of which only those are required that all choices require. `words` are the keywords that this leaves out.
 */
export function plainRoot(schema: JsonObject): { schema: JsonObject; words: JsonObject } {
  const isPlain = !Object.keys(schema).some((word) => SAID.has(word) || word === 'allOf' || word === '$ref');
  if (isPlain) return { schema, words: {} };
  let plain = resolved(schema, schema);
  for (const part of arrayAt(plain, 'allOf')) if (isJsonObject(part)) plain = bothOf(plain, resolved(part, schema));
  const { anyOf, oneOf } = plain;
  const isSaid = (keyword: string): boolean => SAID.has(keyword);
  const rest = Object.fromEntries(Object.entries(plain).filter(([word]) => !isSaid(word) && word !== 'allOf'));
  const left = arrayAt(plain, 'allOf').filter((part) => isJsonObject(part) && Object.keys(part).some(isSaid));
  const words: JsonObject = {
    ...Object.fromEntries(Object.entries(plain).filter(([word]) => isSaid(word))),
    ...(left.length > 0 && { allOf: left }),
  };
  let out: JsonObject = { ...rest, type: 'object' };
  for (const union of [anyOf, oneOf]) {
    const choices = (Array.isArray(union) ? union : []).filter(isJsonObject).map((part) => resolved(part, schema));
    const properties = choices.reduce<JsonObject>((all, part) => eitherProperties(all, part), {});
    const [first, ...others] = choices.map((part) => arrayAt(part, 'required'));
    const required = (first ?? []).filter((name) => others.every((names) => names.includes(name)));
    if (choices.length > 0) out = bothOf(out, { properties, required });
  }
  return { schema: out, words };
}

/** The properties of one choice beside those of others: one that differs between them may have either form. */
function eitherProperties(all: JsonObject, choice: JsonObject): JsonObject {
  const out: JsonObject = { ...all };
  for (const [name, schema] of Object.entries(objectAt(choice, 'properties') ?? {})) {
    const known = Object.hasOwn(all, name) ? all[name] : undefined;
    const isSame = known === undefined || JSON.stringify(known) === JSON.stringify(schema);
    const forms = isJsonObject(known) && Array.isArray(known.anyOf) ? known.anyOf : known === undefined ? [] : [known];
    const value = isSame ? schema : { anyOf: [...forms, schema] };
    Object.defineProperty(out, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return out;
}

/** A reference may lead to a reference; one that leads back to itself ends as any object. */
function resolved(schema: JsonObject, root: JsonObject): JsonObject {
  let current = schema;
  for (let hops = 0; hops < 8; hops += 1) {
    const ref = stringAt(current, '$ref');
    const target = ref === null ? null : lookUp(root, ref);
    if (!target) return current;
    const { $ref: _ref, ...beside } = current;
    current = bothOf(beside, target === root ? withoutRef(target) : target);
  }
  return withoutRef(current);
}

function withoutRef({ $ref: _ref, ...schema }: JsonObject): JsonObject {
  return schema;
}
