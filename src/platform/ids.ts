import { randomSeed } from './entropy.ts';

/** 32 of them, so that no letter is likelier than another; none that is taken for a digit. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Draws a whole number in `0 <= n < limit`. */
export type Draw = (limit: number) => number;

/**
 * A run's id: sortable by time and readable, e.g. `20261122-171501-k3f9` (UTC). Two runs may draw the same one;
 * whoever makes a folder of that name first has it, and the other draws again.
 */
export function createRunId(at: number, draw: Draw = (limit) => randomSeed() % limit): string {
  const time = new Date(at).toISOString();
  const tail = Array.from({ length: 4 }, () => LETTERS[draw(LETTERS.length)]).join('');
  return `${time.slice(0, 10).replaceAll('-', '')}-${time.slice(11, 19).replaceAll(':', '')}-${tail}`;
}

export function isRunId(text: string): boolean {
  return /^\d{8}-\d{6}-[a-z2-9]{4}$/.test(text);
}
