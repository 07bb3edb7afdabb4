import { isJsonObject, type JsonObject, type JsonValue } from '../events/json.ts';
import type { PathArgument, PathUse } from './tool.ts';

export interface NamedPath {
  path: string;
  use: PathUse;
}

/** Every path that the arguments name. Absent arguments name none. */
export function pathsIn(args: JsonObject, named: readonly PathArgument[]): NamedPath[] {
  return named.flatMap(({ name, use, isAddress }) =>
    textsAt(args, name.split('.')).flatMap((text) => {
      const path = FILE_ADDRESS.test(text) ? fileIn(text) : isAddress ? null : text;
      return path === null ? [] : [{ path, use }];
    }),
  );
}

const FILE_ADDRESS = /^\s*file:/i;

/** Where an address of a file leads, however it is written. One that leads nowhere counts as it stands. */
function fileIn(address: string): string {
  const url = URL.parse(address.trim());
  try {
    return url ? decodeURIComponent(url.pathname) : address;
  } catch {
    return address;
  }
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
