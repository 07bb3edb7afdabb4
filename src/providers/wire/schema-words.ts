import type { JsonObject, JsonValue } from '../../events/json.ts';
import { isJsonObject } from '../../events/json.ts';
import { stringAt } from './json-fields.ts';
import { lookUp } from './schema-parts.ts';

/** Keywords that say nothing about a value. Definitions are told where they are referred to. */
const SILENT: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$comment',
  '$anchor',
  '$dynamicAnchor',
  '$vocabulary',
  '$defs',
  'definitions',
  'description',
  'title',
]);

/** Values under these are data, in which a reference is none. */
const DATA: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'example']);
const MAX_SPELLED_DEPTH = 4;
/** References can make a small schema huge: those beyond this many parts stay what they are. */
const MAX_SPELLED_PARTS = 2000;

interface Spelling {
  root: JsonObject;
  partsLeft: number;
}

/**
 * What a schema says that a vendor's form of it has no place for, as `keyword: value` in the words of JSON Schema,
 * which models read well. References are spelled out, since the definitions stay behind. Null where nothing is left.
 */
export function inWords(rest: JsonObject, root: JsonObject): string | null {
  const spelling: Spelling = { root, partsLeft: MAX_SPELLED_PARTS };
  const said = Object.entries(rest)
    .filter(([keyword]) => !SILENT.has(keyword))
    .map(
      ([keyword, value]) =>
        `${keyword}: ${JSON.stringify(DATA.has(keyword) ? value : spelledOut(value, spelling, MAX_SPELLED_DEPTH))}`,
    );
  return said.length > 0 ? `(${said.join(', ')})` : null;
}

/** The description of a part: its own one, or else its title, and then what only words can say. */
export function describe(schema: JsonObject, ...words: readonly (string | null)[]): { description?: string } {
  const own = stringAt(schema, 'description') || stringAt(schema, 'title');
  const text = [own, ...words].filter((part) => part !== null && part !== '').join(' ');
  return text === '' ? {} : { description: text };
}

function spelledOut(value: JsonValue, spelling: Spelling, depth: number): JsonValue {
  if (Array.isArray(value)) return value.map((item) => spelledOut(item, spelling, depth));
  if (!isJsonObject(value)) return value;
  const ref = stringAt(value, '$ref');
  spelling.partsLeft -= 1;
  const isSpelled = ref !== null && depth > 0 && spelling.partsLeft > 0;
  const target = isSpelled ? lookUp(spelling.root, ref) : null;
  if (target) {
    const { $ref: _ref, ...beside } = value;
    return spelledOut({ ...target, ...beside }, spelling, depth - 1);
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '$defs' && key !== 'definitions')
      .map(([key, inner]) => [key, DATA.has(key) ? inner : spelledOut(inner, spelling, depth)]),
  );
}
