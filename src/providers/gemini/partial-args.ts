import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import { stringAt } from '../wire/json-fields.ts';

/** Arrays of a model's arguments are short; a larger index is an attack on memory. */
const MAX_INDEX = 10_000;

/** Applies one streamed argument (`{jsonPath, stringValue | numberValue | …}`) to `args` in place. Strings grow. */
export function applyPartialArg(args: JsonObject, partial: JsonValue): void {
  const path = parsePath(stringAt(partial, 'jsonPath') ?? '');
  const value = valueOf(partial);
  if (path.length === 0 || value === undefined) return;
  let at: JsonObject | JsonValue[] = args;
  for (const [depth, key] of path.slice(0, -1).entries()) {
    const next: JsonValue = typeof path[depth + 1] === 'number' ? [] : {};
    const known = read(at, key);
    const child: JsonValue = isJsonObject(known) || Array.isArray(known) ? known : next;
    write(at, key, child);
    at = child as JsonObject | JsonValue[];
  }
  const key = path.at(-1) ?? '';
  const before = read(at, key);
  write(at, key, typeof value === 'string' && typeof before === 'string' ? before + value : value);
}

function valueOf(partial: JsonValue): JsonValue | undefined {
  if (!isJsonObject(partial)) return undefined;
  if (partial.stringValue !== undefined) return partial.stringValue;
  if (partial.numberValue !== undefined) return partial.numberValue;
  if (partial.boolValue !== undefined) return partial.boolValue;
  return 'nullValue' in partial ? null : undefined;
}

function read(at: JsonObject | JsonValue[], key: string | number): JsonValue | undefined {
  if (Array.isArray(at)) return typeof key === 'number' ? at[key] : undefined;
  return Object.hasOwn(at, key) ? at[key] : undefined;
}

function write(at: JsonObject | JsonValue[], key: string | number, value: JsonValue): void {
  if (Array.isArray(at)) {
    if (typeof key !== 'number' || key > MAX_INDEX) return;
    while (at.length < key) at.push(null);
    at[key] = value;
  } else {
    // Not by assignment: a key such as `__proto__` is data here.
    Object.defineProperty(at, key, { value, writable: true, enumerable: true, configurable: true });
  }
}

/** `$.a.b[0]['c d']` as `['a', 'b', 0, 'c d']`. */
function parsePath(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  const pattern = /\.([^.[\]]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/g;
  for (const [, name, index, single, double] of path.matchAll(pattern)) {
    steps.push(index === undefined ? (name ?? single ?? double ?? '') : Number(index));
  }
  return steps;
}
