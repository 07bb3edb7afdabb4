import type { z } from 'zod';
import type { JsonValue } from '../events/json.ts';
import type { Finding } from './finding.ts';
import { nearestWord } from './finding.ts';
import { printable } from './printable.ts';
import type { KeyPath } from './problem.ts';
import { valueAt } from './value-at.ts';

type Issue = z.core.$ZodIssue;

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'nothing',
};

/**
 * What zod found, in words for people. Received values are quoted only where they are words out of the file that
 * no secret can hide in: not below keys for secrets, and not where a variable was put in (`isQuotable`).
 */
export function toFindings(
  issues: readonly Issue[],
  root: JsonValue,
  isQuotable: (path: KeyPath) => boolean,
): Finding[] {
  return issues.flatMap((issue) => toFinding(issue, root, isQuotable));
}

function toFinding(issue: Issue, root: JsonValue, isQuotable: (path: KeyPath) => boolean): Finding[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const value = valueAt(root, path);
  const name = path.at(-1);
  if (issue.code === 'invalid_union') {
    const nested = chooseBranch(issue, path);
    if (nested !== null) return nested.flatMap((inner) => toFinding(inner, root, isQuotable));
  }
  if (value === undefined && typeof name === 'string') {
    return [{ severity: 'error', path: path.slice(0, -1), at: 'key', message: `The key ${name} is missing here.` }];
  }
  const expected = expectedOf(issue);
  const base = { severity: 'error' as const, path };
  // The schema's own words say what was expected.
  if (issue.code === 'custom') return [{ ...base, message: issue.message }];
  if (value === null) {
    const message = 'This key is empty.';
    return [{ ...base, message, expected, suggestion: 'Give it a value, or remove the key.' }];
  }
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const shown = isQuotable(path) ? ` ${printable(value, 40)}` : '';
    const near = nearestWord(value, issue.values.map(String));
    const suggestion = near === null || !isQuotable(path) ? {} : { suggestion: `Did you mean ${near}?` };
    return [{ ...base, message: `The value${shown} is none of the words allowed here.`, expected, ...suggestion }];
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    const shown = typeof value === 'number' && isQuotable(path) ? ` ${value}` : '';
    const word = issue.code === 'too_small' ? 'small' : 'large';
    const message =
      Array.isArray(value) || typeof value === 'string'
        ? sizeMessage(value, word)
        : `The value${shown} is too ${word}.`;
    return [{ ...base, message, expected }];
  }
  return [{ ...base, message: `This is ${describe(value)}.`, expected, ...quoteHint(issue, value) }];
}

function sizeMessage(value: JsonValue[] | string, word: string): string {
  if (value.length === 0) return Array.isArray(value) ? 'The list is empty.' : 'The text is empty.';
  return `This has too ${word === 'small' ? 'few' : 'many'} entries.`;
}

/** Text in quotes where a number or a switch was meant, or the other way round. */
function quoteHint(issue: Issue, value: JsonValue | undefined): { suggestion?: string } {
  if (issue.code !== 'invalid_type') return {};
  if (issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return { suggestion: 'Put it into quotes.' };
  }
  if (issue.expected === 'boolean' && (value === 0 || value === 1)) return { suggestion: `Write ${value === 1}.` };
  if (typeof value === 'string' && (issue.expected === 'number' || issue.expected === 'boolean')) {
    return { suggestion: 'Write it without quotes.' };
  }
  return {};
}

/** The part of a union that the value was meant for: the one whose own form it has. */
function chooseBranch(issue: Issue & { code: 'invalid_union' }, path: KeyPath): Issue[] | null {
  for (const branch of issue.errors) {
    const isSameForm = branch.length > 0 && branch.every((inner) => inner.path.length > 0);
    if (isSameForm) return branch.map((inner) => ({ ...inner, path: [...path, ...inner.path] }) as Issue);
  }
  return null;
}

function expectedOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return WORDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      if (issue.origin === 'array') return `a list of at least ${issue.minimum}`;
      if (issue.origin === 'string') return 'some text';
      return issue.inclusive === false ? `a number above ${issue.minimum}` : `at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'array' ? `a list of at most ${issue.maximum}` : `at most ${issue.maximum}`;
    case 'invalid_format':
      return 'the name of a variable, in capitals';
    case 'invalid_union':
      return expectedOfUnion(issue);
    default:
      return 'another value';
  }
}

function expectedOfUnion(issue: Issue & { code: 'invalid_union' }): string {
  const words = issue.errors.flatMap((branch) => branch.filter((inner) => inner.path.length === 0).map(expectedOf));
  return words.length === 0 ? 'another value' : [...new Set(words)].join(' or ');
}

function describe(value: JsonValue | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return String(value);
  return Number.isInteger(value) ? 'a whole number' : 'a number';
}
