import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/config/problem.ts';
import { formatLocation, formatProblem, sortProblems, toValidationReport } from '../../src/config/problem.ts';

const ERROR: Problem = {
  severity: 'error',
  file: 'team.yaml',
  line: 3,
  column: 7,
  location: 'agents[0].backend.type',
  message: 'The value opena is none of the words allowed here.',
  expected: 'one of openai, claude',
  suggestion: 'Did you mean openai?',
};
const WARNING: Problem = {
  ...ERROR,
  severity: 'warning',
  line: 1,
  column: 2,
  expected: null,
  suggestion: null,
  message: 'Odd.',
};

describe('a location', () => {
  it.each([
    [[], 'root'],
    [['agents', 0, 'backend', 'type'], 'agents[0].backend.type'],
    [['a', 1, 2], 'a[1][2]'],
    [['a\u001b[1m'], String.raw`a\u{1b}[1m`],
  ] as const)('of %j is %s', (path, location) => {
    expect(formatLocation(path)).toBe(location);
  });
});

describe('a problem as text', () => {
  it('has its place, its key, the message, and indented what would be right', () => {
    expect(formatProblem(ERROR)).toBe(
      'team.yaml:3:7  agents[0].backend.type  The value opena is none of the words allowed here.\n' +
        '    expected one of openai, claude\n' +
        '    Did you mean openai?',
    );
  });

  it('is one line if there is no more to say', () => {
    expect(formatProblem(WARNING)).toBe('team.yaml:1:2  agents[0].backend.type  warning: Odd.');
  });

  it('needs no place', () => {
    expect(formatProblem({ ...WARNING, severity: 'error', line: null, column: null, location: 'file' })).toBe(
      'team.yaml  file  Odd.',
    );
  });

  it('writes a hostile file name harmlessly', () => {
    expect(formatProblem({ ...WARNING, file: 'a\u001b[2J.yaml' })).toContain(String.raw`a\u{1b}[2J.yaml:1:2`);
  });
});

describe('many problems', () => {
  it('are sorted by place, those without one first', () => {
    const nowhere = { ...ERROR, line: null, column: null };
    expect(sortProblems([ERROR, WARNING, nowhere])).toEqual([nowhere, WARNING, ERROR]);
  });

  it('become MassGen’s report', () => {
    const fields = { file: 'team.yaml', location: 'agents[0].backend.type' };
    expect(toValidationReport([ERROR, WARNING], false)).toEqual({
      valid: false,
      error_count: 1,
      warning_count: 1,
      errors: [
        {
          ...fields,
          message: ERROR.message,
          suggestion: ERROR.suggestion,
          line: 3,
          column: 7,
          expected: ERROR.expected,
        },
      ],
      warnings: [{ ...fields, message: 'Odd.', suggestion: null, line: 1, column: 2, expected: null }],
    });
  });

  it('make the file invalid if they are warnings only when told to be strict', () => {
    expect(toValidationReport([WARNING], false).valid).toBe(true);
    expect(toValidationReport([WARNING], true)).toMatchObject({ valid: false, error_count: 0, warning_count: 1 });
    expect(toValidationReport([], true).valid).toBe(true);
  });
});
