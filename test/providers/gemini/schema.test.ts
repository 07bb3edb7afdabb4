import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/events/json.ts';
import { geminiSchema } from '../../../src/providers/gemini/schema.ts';
import { markedSchemas } from '../marked-schemas.ts';

describe('geminiSchema', () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      'says what Gemini refuses',
      { type: 'string', title: 't', default: 'd', format: 'uri', $comment: 's' },
      { type: 'STRING', description: 't (default: "d", format: "uri")' },
    ],
    [
      'keeps limits and known formats',
      { type: 'integer', minimum: 1, format: 'int32' },
      { type: 'INTEGER', minimum: 1, format: 'int32' },
    ],
    [
      'says limits that are not of the right kind',
      { type: 'integer', minimum: '1', exclusiveMaximum: 9, multipleOf: 2 },
      { type: 'INTEGER', description: '(minimum: "1", exclusiveMaximum: 9, multipleOf: 2)' },
    ],
    [
      'makes null types nullable',
      { type: ['string', 'null'], description: 'd' },
      { type: 'STRING', nullable: true, description: 'd' },
    ],
    ['offers a choice of types', { type: ['string', 'number'] }, { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }] }],
    [
      'lets nothing stand beside a choice',
      { description: 'd', anyOf: [{ type: 'string' }, { type: 'number', minimum: 1 }, { const: null }] },
      {
        anyOf: [
          { type: 'STRING', nullable: true, description: 'd' },
          { type: 'NUMBER', nullable: true, minimum: 1, description: 'd' },
        ],
      },
    ],
    [
      'says a choice that only narrows',
      {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'string' } },
        anyOf: [{ required: ['a'] }, { required: ['b'] }],
      },
      {
        type: 'OBJECT',
        properties: { a: { type: 'STRING' }, b: { type: 'STRING' } },
        description: '(anyOf: [{"required":["a"]},{"required":["b"]}])',
      },
    ],
    [
      'takes the only real choice',
      { anyOf: [{ type: 'integer' }, { type: 'null' }] },
      { type: 'INTEGER', nullable: true },
    ],
    ['writes const as enum', { const: 'a' }, { type: 'STRING', enum: ['a'] }],
    ['says enums of numbers', { enum: [1, 2] }, { type: 'INTEGER', description: '(enum: [1,2])' }],
    ['says enums with an empty text', { enum: ['', 'a'] }, { type: 'STRING', description: '(enum: ["","a"])' }],
    ['gives arrays items', { type: 'array' }, { type: 'ARRAY', items: { type: 'STRING', description: '(any value)' } }],
    [
      'says which place of a list has which form',
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], uniqueItems: true },
      {
        type: 'ARRAY',
        items: { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }] },
        description: '(prefixItems: [{"type":"string"},{"type":"number"}], uniqueItems: true)',
      },
    ],
    [
      'says required fields without a schema',
      { type: 'object', properties: { a: {} }, required: ['a', 'b'] },
      {
        type: 'OBJECT',
        properties: { a: { type: 'STRING', description: '(any value)' } },
        required: ['a'],
        description: '(required: ["b"])',
      },
    ],
    [
      'says which free keys there are',
      { type: 'object', additionalProperties: { $ref: '#/$defs/N' }, propertyNames: { pattern: '^x' } },
      { type: 'OBJECT', description: '(additionalProperties: {"type":"integer"}, propertyNames: {"pattern":"^x"})' },
    ],
    ['puts references in place', { $ref: '#/$defs/B', description: 'here' }, { type: 'BOOLEAN', description: 'here' }],
    [
      'says references that lead elsewhere',
      { $ref: 'https://else/x' },
      { type: 'OBJECT', description: '(reference: "https://else/x")' },
    ],
    [
      'merges allOf, and says what clashes in it',
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'string', pattern: 'a' } }, required: ['a'] },
          { properties: { a: { pattern: 'b' }, b: { type: 'number' } } },
        ],
      },
      {
        type: 'OBJECT',
        properties: {
          a: { type: 'STRING', pattern: 'a', description: '(and also: [{"pattern":"b"}])' },
          b: { type: 'NUMBER' },
        },
        required: ['a'],
      },
    ],
    [
      'names what a part is a smaller copy of',
      { $ref: '#/$defs/Tree' },
      {
        type: 'OBJECT',
        properties: { children: { type: 'ARRAY', items: { type: 'OBJECT', description: '(the same form as x)' } } },
      },
    ],
  ])('%s', (_name, schema, expected) => {
    const $defs: JsonObject = {
      N: { type: 'integer' },
      B: { type: 'boolean' },
      Tree: { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/$defs/Tree' } } } },
    };
    expect(geminiSchema({ type: 'object', properties: { x: schema }, $defs })).toEqual({
      type: 'OBJECT',
      properties: { x: expected },
    });
  });

  test('makes one object of a choice of arguments, and says the choice', () => {
    const choice = [
      { properties: { kind: { const: 'a' }, a: { type: 'string' } }, required: ['kind', 'a'] },
      { properties: { kind: { const: 'b' } }, required: ['kind'] },
    ];
    expect(geminiSchema({ oneOf: choice })).toEqual({
      type: 'OBJECT',
      properties: {
        kind: {
          anyOf: [
            { type: 'STRING', enum: ['a'] },
            { type: 'STRING', enum: ['b'] },
          ],
        },
        a: { type: 'STRING' },
      },
      required: ['kind'],
      description: `(oneOf: ${JSON.stringify(choice)})`,
    });
  });

  test('ends recursive references', () => {
    const node: JsonObject = { type: 'object', properties: { next: { $ref: '#' } } };
    expect(geminiSchema(node)).toEqual({
      type: 'OBJECT',
      properties: { next: { type: 'OBJECT', description: '(the same form as all arguments together)' } },
    });
    expect(JSON.stringify(geminiSchema({ $ref: '#' }))).not.toContain('$ref');
  });

  test('does not let references make a small schema huge', () => {
    const $defs: JsonObject = { d0: { type: 'string' } };
    for (let n = 1; n < 20; n += 1) {
      const $ref = `#/$defs/d${n - 1}`;
      $defs[`d${n}`] = { type: 'object', properties: { a: { $ref }, b: { $ref }, c: { $ref } } };
    }
    const huge = geminiSchema({ type: 'object', properties: { x: { $ref: '#/$defs/d19' } }, $defs });
    expect(JSON.stringify(huge).length).toBeLessThan(1_000_000);
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

  test('drops nothing that a schema says, whatever it is', () => {
    fc.assert(
      fc.property(markedSchemas(), ({ schema, marks }) => {
        const said = JSON.stringify(geminiSchema(schema));
        expect(marks.filter((mark) => !said.includes(mark))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
