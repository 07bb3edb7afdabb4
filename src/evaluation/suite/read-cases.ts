import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { JsonObject, JsonValue } from '../../events/json.ts';
import { isJsonObject } from '../../events/json.ts';
import { formatLocation } from '../../config/problem.ts';
import { readYaml } from '../../config/source-document.ts';
import { MassgenError, messageOf } from '../../platform/errors.ts';
import type { Case, Check } from '../cases/case.ts';
import { firstFault } from './first-fault.ts';
import { caseSchema, type WrittenCase } from './suite-schema.ts';

/** A case as it stands in a file, and where. */
interface Row {
  value: JsonValue;
  /** Such as `line 4`. */
  place: string;
}

/**
 * Reads cases from JSONL, CSV (with a header), YAML or JSON (a list). Rejects with a MassgenError that names the file,
 * the line and what is wrong there.
 */
export async function readCases(path: string, kind: string | undefined): Promise<Case[]> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch {
    throw new MassgenError('bad-suite', `The cases in ${path} cannot be read: check the path, and that it is UTF-8.`);
  }
  const rows = await rowsOf(path, text);
  const cases: Case[] = [];
  for (const [index, { value, place }] of rows.entries()) {
    const parsed = caseSchema.safeParse(value);
    if (!parsed.success) {
      const { at, what } = firstFault(parsed.error.issues, value, () => Object.keys(caseSchema.shape));
      throw bad(path, at.length === 0 ? place : `${place}, ${formatLocation(at)}`, what);
    }
    try {
      cases.push(await toCase(parsed.data, String(index + 1), kind));
    } catch (error) {
      throw bad(path, place, messageOf(error));
    }
  }
  return cases;
}

function bad(path: string, place: string, what: string): MassgenError {
  return new MassgenError('bad-suite', `${path}, ${place}: ${what}`);
}

async function rowsOf(path: string, text: string): Promise<Row[]> {
  switch (extname(path).toLowerCase()) {
    case '.jsonl':
    case '.ndjson':
      return text
        .split('\n')
        .map((line, index) => ({ line: line.trim(), place: `line ${index + 1}` }))
        .filter(({ line }) => line !== '')
        .map(({ line, place }) => ({ value: parseJson(line, path, place), place }));
    case '.csv':
      return csvRows(text, path);
    default: {
      const { value, problems } = readYaml(text);
      const [problem] = problems;
      if (problem) throw bad(path, problem.place ? `line ${problem.place.line}` : 'the file', problem.message);
      if (!Array.isArray(value)) throw bad(path, 'the file', 'A list of cases is expected.');
      return value.map((each, index) => ({ value: each, place: `case ${index + 1}` }));
    }
  }
}

function parseJson(line: string, path: string, place: string): JsonValue {
  try {
    return JSON.parse(line) as JsonValue;
  } catch {
    throw bad(path, place, 'This is no JSON.');
  }
}

/** Empty cells are left out; all values are text. */
async function csvRows(text: string, path: string): Promise<Row[]> {
  const { parse } = await import('csv-parse/sync');
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    records = parse(text, { columns: true, info: true, bom: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    throw bad(path, 'the file', messageOf(error));
  }
  return records.map(({ record, info }) => ({
    value: Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== '')) as JsonObject,
    place: `line ${info.lines}`,
  }));
}

/** Rejects with an Error that says what is missing or too much; `place` names a case that has no id. */
export async function toCase(written: WrittenCase, place: string, kind = 'own'): Promise<Case> {
  const check = await toCheck(written);
  return { id: written.id ?? place, kind: written.kind ?? kind, question: written.question, check };
}

async function toCheck(written: WrittenCase): Promise<Check> {
  const { expected, tolerance, regex, schema, tests, language = 'javascript', rubric } = written;
  const named = Object.entries({ expected, regex, schema, tests, rubric }).filter(([, value]) => value !== undefined);
  if (named.length !== 1) {
    throw new Error('A case needs exactly one of "expected", "regex", "schema", "tests" and "rubric".');
  }
  if (regex !== undefined) return { type: 'regex', pattern: checkedPattern(regex), flags: 'm' };
  if (schema !== undefined && isJsonObject(schema)) {
    const fault = (await import('../graders/grade-json.ts')).findSchemaFault(schema);
    if (fault !== null) throw new Error(fault);
    return { type: 'json-schema', schema };
  }
  if (tests !== undefined) return { type: 'unit-tests', language, tests };
  if (rubric !== undefined) return { type: 'judge', rubric };
  const number = typeof expected === 'number' ? expected : tolerance === undefined ? null : Number(expected);
  if (number !== null) {
    if (Number.isNaN(number)) throw new Error('With "tolerance", "expected" must be a number.');
    return { type: 'numeric', expected: number, tolerance: tolerance ?? 0 };
  }
  return { type: 'exact', expected: Array.isArray(expected) ? expected : [String(expected)] };
}

function checkedPattern(pattern: string): string {
  try {
    return new RegExp(pattern, 'm').source;
  } catch (error) {
    throw new Error(`"regex" is no regular expression (${error instanceof Error ? error.message : ''}).`, {
      cause: error,
    });
  }
}
