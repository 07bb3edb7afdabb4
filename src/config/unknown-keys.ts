import type { JsonValue } from '../events/json.ts';
import type { Finding } from './finding.ts';
import { nearestWord } from './finding.ts';
import { printable } from './printable.ts';
import type { KeyPath } from './problem.ts';
import { formatLocation } from './problem.ts';
import { backend, isParameter } from './schema/backend.ts';
import { configSchema } from './schema/config.ts';
import type { KnownMap } from './schema/walk.ts';
import { knownMapOf, unwrap, walkKeys } from './schema/walk.ts';
import * as z from 'zod';

/** Keys that another check speaks about. */
const ELSEWHERE: ReadonlySet<string> = new Set(['system_prompt', 'append_system_prompt']);

/**
 * A warning for every key that nothing reads, with the one that was probably meant. Keys of the root that are in `shared`
 * or begin with `x-` are for parts that others are made of.
 */
export function findUnknownKeys(value: JsonValue, shared: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = [];
  walkKeys(configSchema, value, {
    onUnknownKey: (path, map) => {
      const name = path.at(-1);
      if (typeof name !== 'string') return;
      if (path.length === 1 && (shared.has(name) || name.startsWith('x-'))) return;
      if (map.shape === backend.shape) {
        if (isParameter(name) && !ELSEWHERE.has(name)) findings.push(passedOn(path, name, map));
      } else if (!map.isOpen) findings.push(unknown(path, name, map));
    },
  });
  return findings;
}

function passedOn(path: KeyPath, name: string, map: KnownMap): Finding {
  return {
    severity: 'warning',
    path,
    at: 'key',
    message: `Unknown key ${printable(name)}; it is sent to the provider as it is, which may refuse it.`,
    suggestion: suggest(name, map) ?? 'Put it under provider_options if the provider knows it.',
  };
}

function unknown(path: KeyPath, name: string, map: KnownMap): Finding {
  const keys = Object.keys(map.shape);
  const suggestion = suggest(name, map) ?? (keys.length > 12 ? undefined : `Known keys here: ${keys.join(', ')}.`);
  const finding: Finding = {
    severity: 'warning',
    path,
    at: 'key',
    message: `Unknown key ${printable(name)}; it has no effect.`,
  };
  return suggestion === undefined ? finding : { ...finding, suggestion };
}

function suggest(name: string, map: KnownMap): string | null {
  const near = nearestWord(name, Object.keys(map.shape));
  if (near !== null) return `Did you mean ${near}?`;
  const home = findHome(name);
  return home === null ? null : `The key ${printable(name)} belongs under ${home}.`;
}

/** The maps that people mix up, and what they hold. */
const HOMES: readonly KeyPath[] = [
  ['orchestrator'],
  ['orchestrator', 'coordination'],
  ['agents', 0],
  ['agents', 0, 'backend'],
  ['timeout_settings'],
  ['ui'],
  [],
];

function findHome(name: string): string | null {
  for (const path of HOMES) {
    const schema = schemaAt(path);
    if (schema instanceof z.ZodObject && Object.hasOwn(knownMapOf(schema).shape, name)) {
      return path.length === 0 ? 'the top level' : formatLocation(path).replace('[0]', '[]');
    }
  }
  return null;
}

function schemaAt(path: KeyPath): z.ZodType {
  let schema: z.ZodType = configSchema;
  for (const step of path) {
    if (schema instanceof z.ZodArray) schema = unwrap(schema.element as z.ZodType);
    else if (schema instanceof z.ZodObject)
      schema = unwrap((schema.shape as Record<string, z.ZodType>)[String(step)] ?? schema);
  }
  return schema;
}
