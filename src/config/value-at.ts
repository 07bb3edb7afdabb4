import type { JsonObject, JsonValue } from '../events/json.ts';
import { isJsonObject } from '../events/json.ts';
import type { KeyPath } from './problem.ts';
import { setKey } from './source-document.ts';

/** The value at a path; undefined where there is none. */
export function valueAt(root: JsonValue | undefined, path: KeyPath): JsonValue | undefined {
  let node = root;
  for (const step of path) {
    if (typeof step === 'number') node = Array.isArray(node) ? node[step] : undefined;
    else node = isJsonObject(node) && Object.hasOwn(node, step) ? node[step] : undefined;
  }
  return node;
}

/** The same tree with another value at `path`, which must exist. */
export function withValueAt(root: JsonValue, path: KeyPath, value: JsonValue): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(root))
    return root.map((child, index) => (index === step ? withValueAt(child, rest, value) : child));
  if (!isJsonObject(root)) return root;
  const out: JsonObject = {};
  for (const [name, child] of Object.entries(root))
    setKey(out, name, name === step ? withValueAt(child, rest, value) : child);
  return out;
}

/** The entries of a list that are maps, with their places; nothing where there is no list. */
export function mapsAt(root: JsonValue | undefined, path: KeyPath): { path: KeyPath; map: JsonObject }[] {
  const list = valueAt(root, path);
  if (!Array.isArray(list)) return [];
  return list.flatMap((map, index) => (isJsonObject(map) ? [{ path: [...path, index], map }] : []));
}

/** The agents of a config in either form, with their places. */
export function agentsOf(root: JsonValue | undefined): { path: KeyPath; map: JsonObject }[] {
  const single = valueAt(root, ['agent']);
  return isJsonObject(single) ? [{ path: ['agent'], map: single }] : mapsAt(root, ['agents']);
}
