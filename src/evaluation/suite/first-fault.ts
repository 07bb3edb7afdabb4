import type { z } from 'zod';
import { nearestWord } from '../../config/finding.ts';
import type { KeyPath } from '../../config/problem.ts';
import { toFindings } from '../../config/schema-findings.ts';
import type { JsonValue } from '../../events/json.ts';

/** Where something is wrong in what was written, and what, in sentences. */
export interface Fault {
  at: KeyPath;
  what: string;
}

/**
 * The first thing that zod found in `value`, in words for people. A key that is missing is often one that is misspelt, so
 * those that are not known come before all others; `keysAt` names the known ones beside it.
 */
export function firstFault(
  issues: readonly z.core.$ZodIssue[],
  value: JsonValue,
  keysAt: (path: KeyPath) => readonly string[],
): Fault {
  const unknown = issues.find(({ code }) => code === 'unrecognized_keys');
  if (unknown?.code === 'unrecognized_keys') {
    const path = unknown.path.filter((step) => typeof step !== 'symbol');
    const [key = ''] = unknown.keys;
    const known = keysAt(path);
    const near = nearestWord(key, known);
    const hint = near === null ? `There are ${known.join(', ')}.` : `Did you mean "${near}"?`;
    return { at: [...path, key], what: `This key is not known. ${hint}` };
  }
  const [finding] = toFindings(issues, value, () => true);
  if (!finding) return { at: [], what: 'This cannot be read.' };
  const { path, message, expected, suggestion } = finding;
  const words = [message, expected === undefined ? '' : `Expected: ${expected}.`, suggestion ?? ''];
  return { at: path, what: words.filter((word) => word !== '').join(' ') };
}
