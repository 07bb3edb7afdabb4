import { isJsonObject, type JsonObject, type JsonValue } from '../events/json.ts';
import type { PathArgument, PathUse } from './tool.ts';

export interface NamedPath {
  path: string;
  use: PathUse;
}

/** Every path that the arguments name. Absent arguments name none. */
export function pathsIn(args: JsonObject, named: readonly PathArgument[]): NamedPath[] {
  return named.flatMap(({ name, use }) => textsAt(args, name.split('.')).map((path) => ({ path, use })));
}

function textsAt(value: JsonValue | undefined, steps: readonly string[]): string[] {
  if (value === undefined) return [];
  const [step, ...rest] = steps;
  if (step === undefined) {
    if (typeof value === 'string') return [value];
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  }
  if (step === '*') return Array.isArray(value) ? value.flatMap((each) => textsAt(each, rest)) : [];
  return isJsonObject(value) && Object.hasOwn(value, step) ? textsAt(value[step], rest) : [];
}
