/** What a value may be, and in words that go on from "must be". */
export interface Wanted {
  is: (value: unknown) => boolean;
  words: string;
}

export const TEXT: Wanted = { is: (value) => typeof value === 'string', words: 'a text' };
export const SWITCH: Wanted = { is: (value) => typeof value === 'boolean', words: 'true or false' };
export const OBJECT: Wanted = { is: isObject, words: 'an object' };

export function oneOf(...words: string[]): Wanted {
  return { is: (value) => words.includes(value as string), words: `one of ${words.join(', ')}` };
}

export function number(least: number, most = Infinity): Wanted {
  const is = (value: unknown): boolean => typeof value === 'number' && value >= least && value <= most;
  // A number beyond all others is none that can be counted with.
  return { is: (value) => Number.isFinite(value) && is(value), words: `a number ${range(least, most)}` };
}

export function whole(least: number): Wanted {
  const is = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= least;
  return { is, words: `a whole number ${range(least, Infinity)}` };
}

export function orNull({ is, words }: Wanted): Wanted {
  return { is: (value) => value === null || is(value), words: `${words}, or null` };
}

/** An object with these fields and no others; those of `extra` may be left out. */
export function shape(fields: Readonly<Record<string, Wanted>>, extra: Readonly<Record<string, Wanted>> = {}): Wanted {
  const known: Readonly<Record<string, Wanted>> = { ...fields, ...extra };
  const is = (value: unknown): boolean =>
    isObject(value) &&
    Object.keys(fields).every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, each]) => Object.hasOwn(known, name) && known[name]?.is(each) === true);
  const told = Object.entries(known).map(
    ([name, { words }]) => `${name}${Object.hasOwn(extra, name) ? '?' : ''}: ${words}`,
  );
  return { is, words: `an object with ${told.join('; ')}` };
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function range(least: number, most: number): string {
  return most === Infinity ? `from ${least}` : `from ${least} to ${most}`;
}
