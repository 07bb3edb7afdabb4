import { printable } from './printable.ts';

/** Steps from the root of a config to a value. */
export type KeyPath = readonly (string | number)[];

/** One thing that is wrong with a config. Holds no secret and nothing that a terminal would act on. */
export interface Problem {
  severity: 'error' | 'warning';
  file: string;
  /** 1-based; null where the file has no such place. */
  line: number | null;
  column: number | null;
  /** As MassGen writes it: `agents[0].backend.type`; `root` and `file` for the whole. */
  location: string;
  /** A full sentence. */
  message: string;
  /** What would be right there; null where the message says it all. */
  expected: string | null;
  /** What to do; null where that is plain. */
  suggestion: string | null;
}

export function formatLocation(path: KeyPath): string {
  let out = '';
  for (const step of path) {
    if (typeof step === 'number') out += `[${step}]`;
    else out += (out === '' ? '' : '.') + printable(step);
  }
  return out === '' ? 'root' : out;
}

/** `file:line:col  key.path  message`, then indented what would be right. Without colours and without a line break at the end. */
export function formatProblem(problem: Problem): string {
  const place = [printable(problem.file, 300), problem.line, problem.column].filter((p) => p !== null).join(':');
  const mark = problem.severity === 'warning' ? 'warning: ' : '';
  const lines = [`${place}  ${problem.location}  ${mark}${problem.message}`];
  if (problem.expected !== null) lines.push(`    expected ${problem.expected}`);
  if (problem.suggestion !== null) lines.push(`    ${problem.suggestion}`);
  return lines.join('\n');
}

/** The order of the file; what has no place comes first. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return problems.toSorted(
    (a, b) =>
      (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0) || a.location.localeCompare(b.location),
  );
}

/** One entry of MassGen's JSON report, with our own fields after the three it has. */
export interface JsonProblem {
  message: string;
  location: string;
  suggestion: string | null;
  file: string;
  line: number | null;
  column: number | null;
  expected: string | null;
}

/** What `--validate --json` prints. `valid` says what the exit code says. */
export interface ValidationReport {
  valid: boolean;
  error_count: number;
  warning_count: number;
  errors: JsonProblem[];
  warnings: JsonProblem[];
}

/** With `strict`, warnings make the file invalid; they stay listed as warnings, as in MassGen. */
export function toValidationReport(problems: readonly Problem[], strict: boolean): ValidationReport {
  const errors = problems.filter((p) => p.severity === 'error').map(toJson);
  const warnings = problems.filter((p) => p.severity === 'warning').map(toJson);
  return {
    valid: errors.length === 0 && !(strict && warnings.length > 0),
    error_count: errors.length,
    warning_count: warnings.length,
    errors,
    warnings,
  };
}

function toJson({ message, location, suggestion, file, line, column, expected }: Problem): JsonProblem {
  return { message, location, suggestion, file, line, column, expected };
}
