import { closest, distance } from 'fastest-levenshtein';
import type { KeyPath } from './problem.ts';

/** A problem of a value, before the file gives it a place. */
export interface Finding {
  severity: 'error' | 'warning';
  path: KeyPath;
  /** What to point at in the file: the value (default), or the key. */
  at?: 'key' | 'value';
  message: string;
  expected?: string;
  suggestion?: string;
}

/** The word that was probably meant; null if none is near. */
export function nearestWord(word: string, words: readonly string[]): string | null {
  if (words.length === 0 || word === '') return null;
  const lower = word.toLowerCase().replaceAll(/[-\s]/g, '_');
  const nearest = closest(lower, [...words]);
  return distance(lower, nearest) <= Math.max(1, Math.floor(lower.length / 3)) ? nearest : null;
}
