import { describe, expect, test } from 'vitest';
import { findSchemaFault, gradeJson } from '../../../src/evaluation/graders/grade-json.ts';

const PERSON = {
  type: 'object',
  properties: {
    name: { $ref: '#/$defs/name' },
    born: { type: 'string', format: 'date' },
    code: { pattern: '^[A-Z]{2}$' },
  },
  required: ['name'],
  not: { required: ['died'] },
  $defs: { name: { type: 'string', minLength: 2 } },
};
const RIGHT = 'The JSON follows the schema.';

describe('an answer that is to be JSON', () => {
  test.each([
    ['alone', '{"name": "Ann"}', RIGHT],
    ['in a code block', 'Here:\n```json\n{"name": "Ann"}\n```', RIGHT],
    ['in the second of two blocks', '```\n{}\n```\nor\n```\n{"name": "Ann", "born": "1999-12-31"}\n```', RIGHT],
    ['of another type', '{"name": 7}', 'it/name must be string.'],
    ['without what it needs', '{"born": "1999-12-31"}', "it must have required property 'name'."],
    ['of another format', '{"name": "Ann", "born": "1999-02-31"}', 'it/born must match format "date".'],
    ['of another pattern', '{"name": "Ann", "code": "abc"}', 'it/code must match pattern "^[A-Z]{2}$".'],
    ['with what it must not hold', '{"name": "Ann", "died": null}', 'it must NOT be valid.'],
    ['that is none', 'name: Ann', 'The answer holds no JSON.'],
  ])('%s', (_, answer, reason) => {
    expect(gradeJson(PERSON, answer)).toEqual({ isRight: reason === RIGHT, reason });
  });

  test('is judged by the draft that the schema names', () => {
    const items = [{ type: 'string' }, { type: 'number' }];
    const draft7 = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'array', items };
    expect(gradeJson(draft7, '["a", "b"]').isRight).toBe(false);
    expect(gradeJson({ type: 'array', prefixItems: items }, '["a", "b"]').isRight).toBe(false);
  });
});

const FAULT = '"schema" is no JSON Schema that answers can be graded by: ';

test.each([
  [PERSON, null],
  [{ type: 'text' }, `${FAULT}schema is invalid: data/type must be equal to one of the allowed values`],
  [{ propertys: {} }, `${FAULT}strict mode: unknown keyword: "propertys".`],
  [{ format: 'dat' }, `${FAULT}unknown format "dat" ignored in schema at path "#".`],
  [{ items: { $ref: '#/$defs/a' } }, `${FAULT}can't resolve reference #/$defs/a from id #.`],
])('a schema such as %j has the fault %j', (schema, fault) => {
  const found = findSchemaFault(schema);
  expect(fault === null ? found : found?.slice(0, fault.length)).toBe(fault);
});
