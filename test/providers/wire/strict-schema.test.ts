import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/events/json.ts';
import { ANTHROPIC_STRICT, OPENAI_STRICT, strictSchema } from '../../../src/providers/wire/strict-schema.ts';
import { plainSchema } from '../../../src/providers/wire/tool-features.ts';
import { markedSchemas } from '../marked-schemas.ts';

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });

describe('a strict schema', () => {
  const schema = object(
    {
      path: { type: 'string' },
      mode: { type: 'string', enum: ['a', 'b'], default: 'a' },
      list: { type: 'array', items: object({ n: { type: ['integer', 'string'] } }) },
      either: { oneOf: [{ type: 'string' }, { type: 'number' }], description: 'x' },
      ref: { $ref: '#/$defs/node' },
    },
    { required: ['path'], $defs: { node: object({ next: { $ref: '#/$defs/node' } }, { required: ['next'] }) } },
  );

  test('requires everything at OpenAI, and lets be null what may be left out', () => {
    expect(strictSchema(schema, OPENAI_STRICT)).toEqual(
      object(
        {
          path: { type: 'string' },
          mode: { type: ['string', 'null'], enum: ['a', 'b', null], description: '(default: "a")' },
          list: {
            type: ['array', 'null'],
            items: object(
              { n: { type: ['integer', 'string', 'null'] } },
              { required: ['n'], additionalProperties: false },
            ),
          },
          either: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }], description: 'x' },
          ref: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
        },
        {
          required: ['path', 'mode', 'list', 'either', 'ref'],
          additionalProperties: false,
          $defs: {
            node: object({ next: { $ref: '#/$defs/node' } }, { required: ['next'], additionalProperties: false }),
          },
        },
      ),
    );
  });

  test('keeps at Anthropic what may be left out, and puts limits into words', () => {
    const limited = object({ n: { type: 'integer', minimum: 1, maximum: 9, description: 'How many.' } });
    expect(strictSchema(limited, ANTHROPIC_STRICT)).toEqual(
      object(
        { n: { type: 'integer', description: 'How many. (minimum: 1, maximum: 9)' } },
        { required: [], additionalProperties: false },
      ),
    );
  });

  test.each<[string, JsonObject]>([
    ['free keys', object({ env: { type: 'object', additionalProperties: { type: 'string' } } })],
    ['any object', object({ value: { type: 'object' } })],
    ['conditions', object({}, { if: {}, else: {} })],
    ['patterns of keys', object({}, { patternProperties: {} })],
    ['merged schemas', object({ a: { allOf: [{ type: 'string' }] } })],
    ['one of these in a definition', object({}, { $defs: { a: { not: {} } } })],
    ['a property that it wants and does not describe', object({ a: { type: 'string' } }, { required: ['b'] })],
    ['one of these in a list', object({ a: { type: 'array', items: { not: {} } } })],
  ])('is not made of a schema with %s', (_what, loose) => {
    expect([strictSchema(loose, OPENAI_STRICT), strictSchema(loose, ANTHROPIC_STRICT)]).toEqual([null, null]);
  });

  test('may be one that takes nothing', () => {
    expect(strictSchema({ type: 'object' }, OPENAI_STRICT)).toEqual(
      object({}, { required: [], additionalProperties: false }),
    );
  });

  test('says at OpenAI what it refuses, and lets nothing stand beside a reference', () => {
    const loose = object(
      { a: { type: 'string', minLength: 2, format: 'uri', pattern: 'x' }, b: { $ref: '#/$defs/n', description: 'B.' } },
      { required: ['a', 'b'], $defs: { n: { type: 'integer', minimum: 1 } } },
    );
    expect(strictSchema(loose, OPENAI_STRICT)).toEqual(
      object(
        {
          a: { type: 'string', pattern: 'x', description: '(minLength: 2, format: "uri")' },
          b: { description: 'B.', anyOf: [{ $ref: '#/$defs/n' }] },
        },
        { required: ['a', 'b'], additionalProperties: false, $defs: { n: { type: 'integer', minimum: 1 } } },
      ),
    );
  });

  test('is not made at Anthropic of a schema that contains itself', () => {
    const tree = object({ next: { $ref: '#/$defs/t' } }, { $defs: { t: object({ next: { $ref: '#/$defs/t' } }) } });
    expect(strictSchema(tree, ANTHROPIC_STRICT)).toBeNull();
    expect(strictSchema(object({ self: { $ref: '#' } }), ANTHROPIC_STRICT)).toBeNull();
  });

  test.each([ANTHROPIC_STRICT, OPENAI_STRICT])('is made of one with many references (%#), at length', (dialect) => {
    const $defs: JsonObject = { d0: { type: 'string' } };
    for (let n = 1; n < 30; n += 1) {
      const refs = Array.from({ length: 50 }, (_, at) => [`p${at}`, { $ref: `#/$defs/d${n - 1}` }]);
      $defs[`d${n}`] = object(Object.fromEntries(refs) as JsonObject);
    }
    const last = { $ref: '#/$defs/d29' };
    expect(strictSchema(object({ x: last }, { $defs }), dialect)).not.toBeNull();
    const said = JSON.stringify(plainSchema(object({ x: last }, { $defs, not: object({ y: last }) })));
    expect(said.length).toBeLessThan(1_000_000);
  });

  test('drops nothing that a schema says', () => {
    fc.assert(
      fc.property(
        markedSchemas(),
        fc.constantFrom(OPENAI_STRICT, ANTHROPIC_STRICT),
        ({ schema: any, marks }, dialect) => {
          const said = JSON.stringify(strictSchema(any, dialect) ?? any);
          expect(marks.filter((mark) => !said.includes(mark))).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a plain schema', () => {
  test('is what it was, where nothing is chosen at the top', () => {
    const given = object({ a: { anyOf: [{ type: 'string' }, { type: 'null' }] } });
    expect(plainSchema(given)).toBe(given);
  });

  test('holds the properties of every choice, and says the choice', () => {
    const choice = [object({ a: { type: 'string' } }, { required: ['a'] }), object({ b: { type: 'integer' } })];
    expect(plainSchema({ description: 'D.', anyOf: choice })).toEqual({
      type: 'object',
      description: `D. (anyOf: ${JSON.stringify(choice)})`,
      properties: { a: { type: 'string' }, b: { type: 'integer' } },
      required: [],
    });
  });
});
