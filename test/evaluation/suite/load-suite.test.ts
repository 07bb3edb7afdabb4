import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadSuite } from '../../../src/evaluation/suite/load-suite.ts';
import { trialsOf, type Suite } from '../../../src/evaluation/suite/suite.ts';
import { MassgenError } from '../../../src/platform/errors.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'massgen-suite-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(text: string, files: Record<string, string> = {}): Promise<Suite> {
  writeFileSync(join(folder, 'suite.yaml'), text);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return loadSuite('suite.yaml', folder);
}

async function problem(text: string, files: Record<string, string> = {}): Promise<string> {
  const error = await load(text, files).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MassgenError);
  return error instanceof MassgenError ? error.message.replaceAll(`${folder}/`, '') : '';
}

const TEAMS = 'teams: [{ config: a.yaml }]\n';

describe('a suite', () => {
  test('is read with its teams, cases and what it leaves open', async () => {
    const suite = await load(`${TEAMS}cases: [{ question: "1 + 1?", expected: 2 }]`);
    expect(suite).toEqual({
      name: 'suite',
      path: join(folder, 'suite.yaml'),
      teams: [{ name: 'a', config: join(folder, 'a.yaml') }],
      cases: [{ id: 'case-1', kind: 'own', question: '1 + 1?', check: { type: 'numeric', expected: 2, tolerance: 0 } }],
      seeds: [1],
      concurrency: 4,
      budgetUsd: null,
      budgetTokens: null,
      judge: null,
    });
  });

  test('tells files of one name apart by their paths', async () => {
    const files = {
      'a.csv': 'question,expected\nQ?,1\n',
      'a.jsonl': '{"question":"R?","expected":"2"}',
      'b.jsonl': '',
    };
    const suite = await load(`${TEAMS}cases: [{ file: a.csv }, { file: a.jsonl }, { file: b.jsonl }]`, files);
    expect(suite.cases.map(({ id, question }) => [id, question])).toEqual([
      ['a.csv-1', 'Q?'],
      ['a.jsonl-1', 'R?'],
    ]);
  });

  test('makes one trial of each team, case and seed, all teams on a case before the next', async () => {
    const suite = await load(
      'teams: [{ config: a.yaml }, { name: b, config: x/b.yaml }]\nrepeats: 2\ncases: [{ generate: arithmetic, count: 2 }]',
    );
    expect(trialsOf(suite).map(({ key }) => key)).toEqual(
      [1, 2].flatMap((item) =>
        [1, 2].flatMap((seed) => ['a', 'b'].map((team) => `${team}/arithmetic-${item}/${seed}`)),
      ),
    );
  });

  test.each([
    ['jsonl', '{"id":"x","question":"Q?","expected":["a","b"]}\n\n{"question":"R?","regex":"^y"}\n'],
    ['csv', 'id,question,expected,regex\nx,Q?,a,\n,R?,,^y\n'],
    ['yaml', '- { id: x, question: Q?, expected: a }\n- { question: R?, regex: ^y }\n'],
  ])('takes cases from a %s file', async (ending, content) => {
    const suite = await load(`${TEAMS}cases: [{ file: mine.${ending}, kind: facts }]`, { [`mine.${ending}`]: content });
    expect(suite.cases.map(({ id, kind, check }) => [id, kind, check.type])).toEqual([
      ['mine-x', 'facts', 'exact'],
      ['mine-2', 'facts', 'regex'],
    ]);
  });

  test.each([
    ['a misspelt key', 'teems: []\ncases: []', 'suite.yaml:1, teems: This key is not known. Did you mean "teams"?'],
    [
      'an unknown generator',
      `${TEAMS}cases: [{ generate: algebra, count: 1 }]`,
      'suite.yaml:2, cases[0].generate: The value algebra is none of the words allowed here. Expected: one of arithmetic, countdown, knights-and-knaves, grid-paths, code-stubs.',
    ],
    [
      'a case without a check',
      `${TEAMS}cases:\n  - { question: Q? }`,
      'suite.yaml:3, cases[0]: A case needs exactly one of "expected", "regex", "schema", "tests" and "rubric".',
    ],
    [
      'a bad pattern',
      `${TEAMS}cases: [{ question: Q?, regex: "(" }]`,
      expect.stringContaining('"regex" is no regular expression'),
    ],
    [
      'two teams of one name',
      'teams: [{ config: a.yaml }, { config: b/a.yaml }]\ncases: [{ question: Q?, expected: a }]',
      'suite.yaml:1, teams[1]: There is another team called "a". Give it a name of its own.',
    ],
    [
      'two cases of one id',
      `${TEAMS}cases: [{ id: x, question: Q?, expected: a }, { id: x, question: R?, expected: b }]`,
      'suite.yaml:2, cases: Two cases have the id "x". Name each file once, give generators of one kind seeds of their own, or write an "id" to a case.',
    ],
    [
      'a rubric without a judge',
      `${TEAMS}cases: [{ question: Q?, rubric: polite }]`,
      expect.stringContaining('needs "judge"'),
    ],
    ['no team', 'teams: []\ncases: []', 'suite.yaml:1, teams: The list is empty. Expected: a list of at least 1.'],
    ['no case', TEAMS, 'suite.yaml:1, root: The key cases is missing here.'],
    [
      'a language that there is not',
      `${TEAMS}cases:\n  - { question: Q?, tests: x, language: ruby }`,
      'suite.yaml:3, cases[0].language: The value ruby is none of the words allowed here. Expected: one of javascript, python.',
    ],
    [
      'a misspelt key of a case',
      `${TEAMS}cases: [{ question: Q?, expcted: a }]`,
      'suite.yaml:2, cases[0].expcted: This key is not known. Did you mean "expected"?',
    ],
    [
      'a number that is text',
      `${TEAMS}cases: [{ generate: arithmetic, count: two }]`,
      expect.stringContaining('cases[0].count: This is text. Expected: a number.'),
    ],
    ['text that is no YAML', 'teams: [', expect.stringMatching(/^suite\.yaml:1, root: /)],
  ])('refuses %s and says where it stands', async (_, text, message) => {
    expect(await problem(text)).toEqual(message);
  });

  test.each([
    ['cases.jsonl', '{"question":"Q?","expected":"a"}\n{"question":', 'cases.jsonl, line 2: This is no JSON.'],
    [
      'cases.jsonl',
      '{"question":"Q?","answer":"a"}',
      'cases.jsonl, line 1, answer: This key is not known. There are id, kind, question, expected, tolerance, regex, schema, tests, language, rubric.',
    ],
    [
      'cases.csv',
      'question,expected\nQ?,a\nR?,\n',
      'cases.csv, line 3: A case needs exactly one of "expected", "regex", "schema", "tests" and "rubric".',
    ],
    ['cases.yaml', 'question: Q?', 'cases.yaml, the file: A list of cases is expected.'],
  ])('names the line of a bad case in %s: %j', async (name, content, message) => {
    expect(await problem(`${TEAMS}cases: [{ file: ${name} }]`, { [name]: content })).toBe(message);
  });

  test('refuses a JSON Schema by which answers cannot be graded', async () => {
    expect(await problem(`${TEAMS}cases: [{ question: Q?, schema: { propertys: {} } }]`)).toBe(
      'suite.yaml:2, cases[0]: "schema" is no JSON Schema that answers can be graded by: strict mode: unknown keyword: "propertys".',
    );
  });

  test('takes a JSON Schema as it is written', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string', pattern: '^x' } } };
    const suite = await load(`${TEAMS}cases: [{ question: Q?, schema: ${JSON.stringify(schema)} }]`);
    expect(suite.cases[0]?.check).toEqual({ type: 'json-schema', schema });
  });

  test('refuses files that hold no case at all', async () => {
    expect(await problem(`${TEAMS}cases: [{ file: none.csv }]`, { 'none.csv': '' })).toBe(
      'suite.yaml:2, cases: The files that are named here hold no case.',
    );
  });

  test('says that a file of cases is missing', async () => {
    expect(await problem(`${TEAMS}cases: [{ file: none.csv }]`)).toBe(
      'The cases in none.csv cannot be read: check the path, and that it is UTF-8.',
    );
  });
});
