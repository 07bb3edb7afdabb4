import type { JsonObject, JsonValue } from '../events/json.ts';
import { isJsonObject } from '../events/json.ts';
import type { Environment } from './env.ts';
import type { KeyPath } from './problem.ts';
import { setKey } from './source-document.ts';

/** A `${VARIABLE}` somewhere in a config. */
export interface Reference {
  path: KeyPath;
  variable: string;
  /** False when the variable is unset or empty and no default is written. */
  isSet: boolean;
}

export interface Expanded {
  value: JsonValue;
  references: Reference[];
}

/** Only names in capitals are variables, so that text with `${name}` in it stays text; `$${NAME}` writes one literally. */
const PATTERN = /\$(\$\{[A-Z_][A-Z0-9_]*(?::-[^}]*)?\})|\$\{([A-Z_][A-Z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Puts variables into every string. A variable that is unset or empty gives its default, and without one stays
 * written as it is, to be reported by whoever needs the value. `${cwd}` in a backend is that backend's own `cwd`.
 */
export function expandVariables(value: JsonValue, env: Environment): Expanded {
  const references: Reference[] = [];
  const visit = (node: JsonValue, path: KeyPath): JsonValue => {
    if (typeof node === 'string') return expandText(node, path, env, references);
    if (Array.isArray(node)) return node.map((child, index) => visit(child, [...path, index]));
    return isJsonObject(node) ? mapValues(node, (child, name) => visit(child, [...path, name])) : node;
  };
  return { value: expandFolders(visit(value, [])), references };
}

function expandText(text: string, path: KeyPath, env: Environment, references: Reference[]): string {
  if (!text.includes('${')) return text;
  return text.replaceAll(
    PATTERN,
    (whole: string, literal: string | undefined, variable: string | undefined, fallback: string | undefined) => {
      if (literal !== undefined || variable === undefined) return literal ?? whole;
      const found = env[variable] ?? '';
      const result = found === '' ? fallback : found;
      references.push({ path, variable, isSet: result !== undefined });
      return result ?? whole;
    },
  );
}

function expandFolders(root: JsonValue): JsonValue {
  if (!isJsonObject(root)) return root;
  return mapValues(root, (value, name) => {
    if (name === 'agents' && Array.isArray(value)) return value.map(expandAgent);
    return name === 'agent' ? expandAgent(value) : value;
  });
}

function expandAgent(agent: JsonValue): JsonValue {
  if (!isJsonObject(agent) || !isJsonObject(agent['backend'])) return agent;
  const cwd = agent['backend']['cwd'];
  if (typeof cwd !== 'string' || cwd === '') return agent;
  return { ...agent, backend: replaceAll(agent['backend'], '${cwd}', cwd) };
}

function replaceAll(node: JsonValue, from: string, to: string): JsonValue {
  if (typeof node === 'string') return node.split(from).join(to);
  if (Array.isArray(node)) return node.map((child) => replaceAll(child, from, to));
  return isJsonObject(node) ? mapValues(node, (child) => replaceAll(child, from, to)) : node;
}

function mapValues(object: JsonObject, change: (value: JsonValue, name: string) => JsonValue): JsonObject {
  const out: JsonObject = {};
  for (const [name, value] of Object.entries(object)) setKey(out, name, change(value, name));
  return out;
}
