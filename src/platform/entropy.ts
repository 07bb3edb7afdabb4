import { randomBytes, randomInt } from 'node:crypto';

/** A seed for a new run, from the system's entropy: a whole number from 0 to 2^32 - 1, readable in a log. */
export function randomSeed(): number {
  return randomInt(2 ** 32);
}

/** `bytes` random bytes in hexadecimal: boundaries and ids that nobody can guess. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
