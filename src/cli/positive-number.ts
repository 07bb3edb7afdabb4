import { InvalidArgumentError } from 'commander';

/** Reads a number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

/** Reads a whole number above 0. */
export function countFrom1(text: string): number {
  const value = positiveNumber(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
}
