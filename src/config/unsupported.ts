import { isJsonObject, type JsonValue } from '../events/json.ts';
import type { KeyPath } from './problem.ts';
import { formatLocation } from './problem.ts';
import { configSchema } from './schema/config.ts';
import { walkKeys } from './schema/walk.ts';

/** The key paths of everything that a config asks for and this version does not do, in the order of the file. */
export function findUnsupported(value: JsonValue): KeyPath[] {
  const found: KeyPath[] = [];
  walkKeys(configSchema, value, {
    onKey: (path, note, inner) => {
      if (note?.support !== 'planned') return !isSwitchedOff(inner);
      if (!note.isDetail && asksForSomething(inner)) found.push(path);
      return false;
    },
  });
  return found;
}

/** True if `path` lies at or below one of `roots`. */
export function isBelow(path: KeyPath, roots: readonly KeyPath[]): boolean {
  const name = formatLocation(path);
  return roots.some((root) => {
    const prefix = formatLocation(root);
    return name === prefix || name.startsWith(`${prefix}.`) || name.startsWith(`${prefix}[`);
  });
}

/** What a map says is not asked for while it is off. */
function isSwitchedOff(value: JsonValue): boolean {
  return isJsonObject(value) && value['enabled'] === false;
}

/** A switch that is off, a zero and an empty list ask for nothing; a map says so itself with `enabled: false`. */
function asksForSomething(value: JsonValue): boolean {
  if (value === null || value === false || value === '' || value === 0) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value !== 'object') return true;
  return value['enabled'] !== false && Object.keys(value).length > 0;
}
