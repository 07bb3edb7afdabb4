import process from 'node:process';
import type * as Crypto from 'node:crypto';

/** A seed for a new run, from the system's entropy: a whole number from 0 to 2^32 - 1, readable in a log. */
export function randomSeed(): number {
  return crypto().randomInt(2 ** 32);
}

/** `bytes` random bytes in hexadecimal: boundaries and ids that nobody can guess. */
export function randomHex(bytes: number): string {
  return crypto().randomBytes(bytes).toString('hex');
}

/** Loading it takes four milliseconds, which the first picture need not wait for. */
const crypto = (): typeof Crypto => process.getBuiltinModule('node:crypto');
