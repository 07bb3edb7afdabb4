import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/events/json.ts';
import { geminiSchema } from '../../../src/providers/gemini/schema.ts';

describe('geminiSchema', () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      'drops what Gemini refuses',
      { type: 'string', title: 't', default: 'd', format: 'uri', $schema: 's' },
      { type: 'STRING' },
    ],
    [
      'keeps limits and known formats',
      { type: 'integer', minimum: 1, format: 'int32' },
      { type: 'INTEGER', minimum: 1, format: 'int32' },
    ],
    [
      'makes null types nullable',
      { type: ['string', 'null'], description: 'd' },
      { type: 'STRING', nullable: true, description: 'd' },
    ],
    ['offers a choice of types', { type: ['string', 'number'] }, { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }] }],
    [
      'takes the only real choice',
      { anyOf: [{ type: 'integer' }, { type: 'null' }] },
      { type: 'INTEGER', nullable: true },
    ],
    ['writes const as enum', { const: 'a' }, { type: 'STRING', enum: ['a'] }],
    ['drops enums of numbers, which Gemini refuses', { enum: [1, 2] }, { type: 'INTEGER' }],
    ['gives arrays items', { type: 'array' }, { type: 'ARRAY', items: { type: 'STRING' } }],
    [
      'drops required fields that do not exist',
      { type: 'object', properties: { a: {} }, required: ['a', 'b'] },
      {
        type: 'OBJECT',
        properties: { a: { type: 'STRING' } },
        required: ['a'],
      },
    ],
    [
      'puts references in place',
      {
        type: 'object',
        properties: { a: { $ref: '#/$defs/A', description: 'here' } },
        $defs: { A: { type: 'boolean' } },
      },
      { type: 'OBJECT', properties: { a: { type: 'BOOLEAN', description: 'here' } } },
    ],
    [
      'merges allOf',
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
          { properties: { b: { type: 'number' } } },
        ],
      },
      { type: 'OBJECT', properties: { a: { type: 'STRING' }, b: { type: 'NUMBER' } }, required: ['a'] },
    ],
  ])('%s', (_name, schema, expected) => {
    expect(geminiSchema(schema)).toEqual(expected);
  });

  test('ends recursive references', () => {
    const node: JsonObject = { type: 'object', properties: { next: { $ref: '#' } } };
    expect(JSON.stringify(geminiSchema(node))).not.toContain('$ref');
    expect(geminiSchema({ $ref: '#' })).toEqual({ type: 'OBJECT' });
  });

  test('does not let references make a small schema huge', () => {
    const properties = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, { $ref: '#' }]));
    expect(JSON.stringify(geminiSchema({ type: 'object', properties })).length).toBeLessThan(200_000);
  });

  test('writes only keywords that Gemini knows, whatever it is given', () => {
    const known = new Set([
      'type',
      'description',
      'nullable',
      'enum',
      'format',
      'items',
      'properties',
      'required',
      'anyOf',
      'minimum',
    ]);
    const check = (schema: JsonValue | undefined): void => {
      if (!isJsonObject(schema)) return;
      for (const key of Object.keys(schema)) expect(known).toContain(key);
      if (isJsonObject(schema.properties)) Object.values(schema.properties).forEach(check);
      check(schema.items);
      if (Array.isArray(schema.anyOf)) schema.anyOf.forEach(check);
    };
    const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
      schema: fc.oneof(
        { maxDepth: 3 },
        fc.constant<JsonObject>({ type: 'string' }),
        fc.record(
          {
            type: fc.constantFrom('string', 'object', 'array', 'number', 'null', 'weird', ['string', 'null'], 7),
            properties: fc.dictionary(fc.constantFrom('a', 'b'), tie('schema'), { maxKeys: 2 }),
            items: tie('schema'),
            anyOf: fc.array(tie('schema'), { maxLength: 2 }),
            allOf: fc.array(tie('schema'), { maxLength: 2 }),
            enum: fc.array(fc.constantFrom('x', 1, null), { maxLength: 2 }),
            $ref: fc.constantFrom('#', '#/properties/a', 'http://else'),
            additionalProperties: fc.boolean(),
            minimum: fc.nat(),
          },
          { requiredKeys: [] },
        ) as fc.Arbitrary<JsonObject>,
      ),
    }));
    fc.assert(
      fc.property(schema, (value) => check(geminiSchema(value))),
      { numRuns: 60 },
    );
  });
});
